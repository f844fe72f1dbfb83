import type { Mail, MessageQuery } from '../../src/ports';
import { type ScriptedJmap, sessionWith, startScriptedJmap } from './scripted-jmap';

interface Stored {
  readonly id: string;
  readonly receivedAt: string;
}

describe('listing messages', () => {
  let jmap: ScriptedJmap;
  let stored: Stored[];
  /** Id of a message that is found, but not there any more when it is to be read. */
  let gone: string | undefined;
  /** Messages whose From is longer than Mailroom can bear; with `longWithout` it comes even where nobody asks for it. */
  let isLong: (id: string) => boolean;
  let longWithout: boolean;
  beforeEach(async () => {
    jmap = await startScriptedJmap();
    stored = [];
    gone = undefined;
    isLong = () => false;
    longWithout = false;
    let ids: readonly string[] = [];
    Object.assign(jmap.methods, {
      // Knows no filter but `after`; the tests look at the others as they were sent.
      'Email/query': (args: Readonly<Record<string, unknown>>) => {
        const found = stored.filter(({ receivedAt }) => receivedAt >= afterOf(args['filter'])).map(({ id }) => id);
        const anchored = found.indexOf(String(args['anchor']));
        if (args['anchor'] !== undefined && anchored < 0) return { error: { type: 'anchorNotFound' } };
        const start = args['anchor'] === undefined ? Number(args['position']) : anchored + Number(args['anchorOffset']);
        ids = found.slice(start, start + Number(args['limit']));
        return { ids };
      },
      'Email/get': ({ properties }: Readonly<Record<string, unknown>>) => ({
        list: ids.filter((id) => id !== gone).map((id) => email(id, properties as readonly string[])),
      }),
    });
  });
  afterEach(() => jmap.stop());

  function email(id: string, properties: readonly string[] = ['from']): object {
    const receivedAt = stored.find((one) => one.id === id)?.receivedAt;
    const name = isLong(id) ? 'x'.repeat(5_000_000) : 'Ann';
    const from = properties.includes('from') || longWithout ? [{ name, email: 'ann@x.example' }] : undefined;
    return { id, mailboxIds: { m: true, gone: false }, from, receivedAt };
  }

  /** One message a minute. */
  function store(count: number): void {
    stored = Array.from({ length: count }, (_, i) => ({
      id: `e${i}`,
      receivedAt: new Date(Date.UTC(2026, 0, 1, 0, i)).toISOString().replace('.000', ''),
    }));
  }

  async function idsOf(mail: Mail, queries: readonly MessageQuery[]): Promise<readonly string[]> {
    const ids: string[] = [];
    for await (const page of mail.messages(queries)) ids.push(...page.map(({ id }) => id));
    return ids;
  }

  /** The API requests after the one that opened the mail. */
  function requests(): ScriptedJmap['calls'] {
    return jmap.calls.slice(1);
  }

  function filters(): readonly unknown[] {
    return requests()
      .flat()
      .filter(([name]) => name === 'Email/query')
      .map(([, args]) => args['filter']);
  }

  it('asks for what a message is judged by, oldest first, in one request', async () => {
    store(1);
    const mail = await jmap.open();
    const pages = [];
    for await (const page of mail.messages([{ inMailboxes: ['m'] }])) pages.push(page);
    expect(pages).toEqual([
      [
        {
          id: 'e0',
          mailboxIds: ['m'],
          from: [{ name: 'Ann', email: 'ann@x.example' }],
          receivedAt: '2026-01-01T00:00:00Z',
        },
      ],
    ]);
    expect(requests()).toEqual([
      [
        [
          'Email/query',
          {
            accountId: 'ann',
            filter: { inMailbox: 'm' },
            sort: [{ property: 'receivedAt', isAscending: true }],
            collapseThreads: false,
            limit: 500,
            position: 0,
          },
          '0',
        ],
        [
          'Email/get',
          {
            accountId: 'ann',
            '#ids': { resultOf: '0', name: 'Email/query', path: '/ids' },
            properties: ['id', 'mailboxIds', 'from', 'receivedAt'],
          },
          '1',
        ],
      ],
    ]);
  });

  it.each<[string, MessageQuery, unknown]>([
    [
      'any of several mailboxes',
      { inMailboxes: ['a', 'b'] },
      { operator: 'OR', conditions: [{ inMailbox: 'a' }, { inMailbox: 'b' }] },
    ],
    [
      'a date',
      { inMailboxes: ['a'], since: '2026-01-01T00:00:00Z' },
      { operator: 'AND', conditions: [{ inMailbox: 'a' }, { after: '2026-01-01T00:00:00Z' }] },
    ],
    [
      'an address',
      { inMailboxes: ['a'], from: ['x@y.example'] },
      { operator: 'AND', conditions: [{ inMailbox: 'a' }, { from: 'x@y.example' }] },
    ],
    [
      'everything',
      { inMailboxes: ['a', 'b'], since: '2026-01-01T00:00:00Z', from: ['x@y.example', 'z@y.example'] },
      {
        operator: 'AND',
        conditions: [
          { operator: 'OR', conditions: [{ inMailbox: 'a' }, { inMailbox: 'b' }] },
          { after: '2026-01-01T00:00:00Z' },
          { operator: 'OR', conditions: [{ from: 'x@y.example' }, { from: 'z@y.example' }] },
        ],
      },
    ],
  ])('filters by %s', async (_, query, filter) => {
    await idsOf(await jmap.open(), [query]);
    expect(filters()).toEqual([filter]);
  });

  it.each<[string, readonly MessageQuery[]]>([
    ['no query', []],
    ['no mailbox', [{ inMailboxes: [] }]],
    ['no address', [{ inMailboxes: ['m'], from: [] }]],
  ])('asks nothing for %s', async (_, queries) => {
    store(1);
    await expect(idsOf(await jmap.open(), queries)).resolves.toEqual([]);
    expect(requests()).toEqual([]);
  });

  it('splits many addresses over several filters', async () => {
    const from = Array.from({ length: 120 }, (_, i) => `s${i}@x.example`);
    await idsOf(await jmap.open(), [{ inMailboxes: ['m'], from }]);
    const asked = filters().map((filter) => JSON.stringify(filter).match(/s\d+@x\.example/g) ?? []);
    expect(asked.map(({ length }) => length)).toEqual([50, 50, 20]);
    expect(asked.flat()).toEqual(from);
    expect(requests()).toHaveLength(1);
  });

  it('puts several queries into one request, no more than the server allows, and shares the page among them', async () => {
    jmap.session = sessionWith({ maxCallsInRequest: 5, maxObjectsInGet: 4096 });
    const queries = ['a', 'b', 'c', 'd', 'e'].map((inMailbox) => ({ inMailboxes: [inMailbox] }));
    store(1);
    await expect(idsOf(await jmap.open(), queries)).resolves.toEqual(['e0', 'e0', 'e0', 'e0', 'e0']);
    expect(requests().map((calls) => calls.length)).toEqual([4, 4, 2]);
    expect(requests().map((calls) => calls[0]?.[1]['limit'])).toEqual([512, 512, 1024]);
    expect(requests()[0]?.[3]?.[1]['#ids']).toMatchObject({ resultOf: '2' });
  });

  it.each([0, 1, 2, 3, 4, 5, 7])('reads all of %i messages in pages of two', async (count) => {
    jmap.session = sessionWith({ maxObjectsInGet: 2 });
    store(count);
    await expect(idsOf(await jmap.open(), [{ inMailboxes: ['m'] }])).resolves.toEqual(stored.map(({ id }) => id));
    expect(requests()).toHaveLength(Math.floor(count / 2) + 1);
  });

  it('does not take a page for the last one where the server gives less than was asked for', async () => {
    store(5);
    const query = jmap.methods['Email/query'];
    jmap.methods['Email/query'] = (args) => ({ ...query?.({ ...args, limit: 2 }), limit: 2 });
    await expect(idsOf(await jmap.open(), [{ inMailboxes: ['m'] }])).resolves.toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
  });

  it('asks for the next page when the one before has been used, and not earlier', async () => {
    jmap.session = sessionWith({ maxObjectsInGet: 2 });
    store(4);
    const mail = await jmap.open();
    for await (const page of mail.messages([{ inMailboxes: ['m'] }])) {
      expect(requests()).toHaveLength(page[0]?.id === 'e0' ? 1 : 2);
    }
  });

  it('misses none of the others when messages leave between two pages', async () => {
    jmap.session = sessionWith({ maxObjectsInGet: 3 });
    store(10);
    const mail = await jmap.open();
    const seen: string[] = [];
    for await (const page of mail.messages([{ inMailboxes: ['m'] }])) {
      seen.push(...page.map(({ id }) => id));
      stored = stored.filter(({ id }) => !page.slice(0, 2).some((message) => message.id === id));
    }
    expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => `e${i}`));
  });

  it('goes on by date when the message that marked the place has left', async () => {
    jmap.session = sessionWith({ maxObjectsInGet: 3 });
    store(10);
    const mail = await jmap.open();
    const seen: string[] = [];
    for await (const page of mail.messages([{ inMailboxes: ['m'] }])) {
      seen.push(...page.map(({ id }) => id));
      stored = stored.filter(({ id }) => !page.some((message) => message.id === id));
    }
    expect(seen).toEqual(Array.from({ length: 10 }, (_, i) => `e${i}`));
    expect(filters()).toContainEqual({
      operator: 'AND',
      conditions: [{ inMailbox: 'm' }, { after: '2026-01-01T00:02:00Z' }],
    });
  });

  it('gives up when it loses its place again and again', async () => {
    jmap.session = sessionWith({ maxObjectsInGet: 1 });
    store(1);
    const query = jmap.methods['Email/query'];
    jmap.methods['Email/query'] = (args) =>
      args['anchor'] === undefined ? (query?.(args) ?? {}) : { error: { type: 'anchorNotFound' } };
    await expect(idsOf(await jmap.open(), [{ inMailboxes: ['m'] }])).rejects.toMatchObject({ code: 'transient' });
  });

  describe('where the server takes less at once than its session says', () => {
    const REFUSED = { error: { type: 'requestTooLarge' } };

    it('halves the pages that it refuses to give, until they fit, and remembers', async () => {
      store(20);
      const query = jmap.methods['Email/query'];
      const get = jmap.methods['Email/get'];
      let asked = 0;
      jmap.methods['Email/query'] = (args) => {
        const answer = query?.(args) ?? {};
        asked = (answer as { readonly ids: readonly string[] }).ids.length;
        return answer;
      };
      jmap.methods['Email/get'] = (args) => (asked > 6 ? REFUSED : (get?.(args) ?? {}));
      const mail = await jmap.open();
      await expect(idsOf(mail, [{ inMailboxes: ['m'] }])).resolves.toEqual(stored.map(({ id }) => id));
      expect(requests().map((calls) => calls[0]?.[1]['limit'])).toEqual([500, 10, 5, 5, 5, 5, 5]);
      const before = requests().length;
      await idsOf(mail, [{ inMailboxes: ['m'] }]);
      expect(requests()[before]?.[0]?.[1]['limit']).toBe(5);
    });

    it('fails where it does not give a single message', async () => {
      store(3);
      jmap.methods['Email/get'] = () => REFUSED;
      await expect(idsOf(await jmap.open(), [{ inMailboxes: ['m'] }])).rejects.toMatchObject({
        code: 'protocol',
        message: expect.stringContaining('requestTooLarge'),
      });
      expect(requests().length).toBeLessThan(4);
    });

    it('asks for less where the answer is longer than it can bear', async () => {
      store(9);
      const query = jmap.methods['Email/query'];
      const get = jmap.methods['Email/get'];
      let asked = 0;
      jmap.methods['Email/query'] = (args) => {
        asked = Number(args['limit']);
        return query?.(args) ?? {};
      };
      jmap.methods['Email/get'] = (args) => ({
        ...get?.(args),
        ...(asked > 125 ? { more: 'x'.repeat(5_000_000) } : {}),
      });
      await expect(idsOf(await jmap.open(), [{ inMailboxes: ['m'] }])).resolves.toEqual(stored.map(({ id }) => id));
      expect(requests().map((calls) => calls[0]?.[1]['limit'])).toEqual([500, 63]);
    });

    it('reads a message whose answer alone is longer than it can bear without From, and the others as ever', async () => {
      store(40);
      isLong = (id) => id === 'e23';
      const mail = await jmap.open();
      const senders = new Map<string, unknown>();
      for await (const page of mail.messages([{ inMailboxes: ['m'] }]))
        for (const { id, from } of page) senders.set(id, from?.[0]?.email ?? null);
      expect([...senders.keys()]).toEqual(stored.map(({ id }) => id));
      expect([...senders].filter(([, sender]) => sender === null)).toEqual([['e23', null]]);
      expect(requests().length).toBeLessThan(30);
      // What one sender writes does not slow down what comes after it.
      expect(requests().at(-1)?.[0]?.[1]['limit']).toBeGreaterThan(8);
      isLong = () => false;
      const before = requests().length;
      await idsOf(mail, [{ inMailboxes: ['m'] }]);
      expect(requests()[before]?.[0]?.[1]['limit']).toBe(500);
    });

    it('finds out which of several searches has such a message', async () => {
      store(3);
      isLong = (id) => id === 'e1';
      const queries = ['a', 'b', 'c'].map((inMailbox) => ({ inMailboxes: [inMailbox] }));
      const ids = await idsOf(await jmap.open(), queries);
      expect([...ids].sort()).toEqual(['e0', 'e0', 'e0', 'e1', 'e1', 'e1', 'e2', 'e2', 'e2']);
    });

    it('fails where no answer is short enough', async () => {
      store(3);
      isLong = () => true;
      longWithout = true;
      await expect(idsOf(await jmap.open(), [{ inMailboxes: ['m'] }])).rejects.toMatchObject({
        code: 'protocol',
        message: expect.stringContaining('its answer is too long'),
      });
      expect(requests().length).toBeLessThan(15);
    });

    it.each([
      ['too many calls', { status: 400, body: limitProblem('maxCallsInRequest') }],
      ['too many bytes', { status: 400, body: limitProblem('maxSizeRequest') }],
      ['too many bytes for a proxy', { status: 413 }],
    ])('sends fewer searches in a request that has %s, and remembers', async (_, refusal) => {
      store(1);
      const queries = ['a', 'b', 'c', 'd', 'e'].map((inMailbox) => ({ inMailboxes: [inMailbox] }));
      const mail = await jmap.open();
      jmap.insteads.push(refusal, refusal);
      await expect(idsOf(mail, queries)).resolves.toEqual(['e0', 'e0', 'e0', 'e0', 'e0']);
      expect(requests().map((calls) => calls.length)).toEqual([10, 4, 2, 2, 2, 2, 2]);
    });
  });

  describe('by addresses in many mailboxes', () => {
    const mailboxes = (count: number) => Array.from({ length: count }, (_, i) => `m${i}`);
    const addresses = (count: number) => Array.from({ length: count }, (_, i) => `s${i}@x.example`);

    /** Mailboxes and addresses in each filter. */
    function shapes(): readonly (readonly [number, number])[] {
      return filters().map((filter) => {
        const text = JSON.stringify(filter);
        return [text.match(/"inMailbox"/g)?.length ?? 0, text.match(/"from"/g)?.length ?? 0];
      });
    }

    it.each<[number, number, readonly (readonly [number, number])[]]>([
      [4, 50, [[4, 50]]],
      [
        8,
        50,
        [
          [8, 25],
          [8, 25],
        ],
      ],
      [
        10,
        45,
        [
          [10, 20],
          [10, 20],
          [10, 5],
        ],
      ],
      [
        200,
        3,
        [
          [200, 1],
          [200, 1],
          [200, 1],
        ],
      ],
      [
        201,
        60,
        [
          [0, 50],
          [0, 10],
        ],
      ],
    ])('bounds their product: %i mailboxes, %i addresses', async (inMailboxes, from, expected) => {
      await idsOf(await jmap.open(), [{ inMailboxes: mailboxes(inMailboxes), from: addresses(from) }]);
      expect(shapes()).toEqual(expected);
    });

    it('lists no more than so many mailboxes in one search', async () => {
      await idsOf(await jmap.open(), [{ inMailboxes: mailboxes(450), since: '2026-01-01T00:00:00Z' }]);
      expect(shapes()).toEqual([
        [200, 0],
        [200, 0],
        [50, 0],
      ]);
    });

    it('takes simpler filters where the server finds them too complex, and remembers', async () => {
      refuseAbove(40);
      store(1);
      const mail = await jmap.open();
      const query = { inMailboxes: [...mailboxes(9), 'm'], from: addresses(20) };
      expect(new Set(await idsOf(mail, [query]))).toEqual(new Set(['e0']));
      const products = shapes().map(([m, a]) => m * a);
      expect(products.slice(0, 3)).toEqual([200, 100, 100]);
      expect(products.filter((product) => product <= 40).length).toBe(12);
      await idsOf(mail, [query]);
      expect(shapes().slice(products.length)).toEqual(Array.from({ length: 10 }, () => [10, 2]));
    });

    it('searches everywhere where one address is too much for the mailboxes, and sorts out what is elsewhere', async () => {
      refuseAbove(5);
      store(4);
      const get = jmap.methods['Email/get'];
      jmap.methods['Email/get'] = (args) => ({
        list: listIn(get?.(args)).map((message, i) => ({
          ...(message as object),
          ...(i === 1 ? { mailboxIds: { archive: true } } : {}),
        })),
      });
      const mail = await jmap.open();
      const query = { inMailboxes: [...mailboxes(9), 'm'], from: addresses(5) };
      expect(new Set(await idsOf(mail, [query]))).toEqual(new Set(['e0', 'e2', 'e3']));
      const before = shapes().length;
      await expect(idsOf(mail, [query])).resolves.toEqual(['e0', 'e2', 'e3']);
      expect(shapes().slice(before)).toEqual([[0, 5]]);
    });

    it('goes on where it was when the filter becomes too complex in the middle', async () => {
      jmap.session = sessionWith({ maxObjectsInGet: 3 });
      store(8);
      const query = jmap.methods['Email/query'];
      jmap.methods['Email/query'] = (args) =>
        args['anchor'] !== undefined && JSON.stringify(args['filter']).match(/"from"/g)?.length === 4
          ? { error: { type: 'unsupportedFilter' } }
          : (query?.(args) ?? {});
      const ids = await idsOf(await jmap.open(), [{ inMailboxes: ['m'], from: addresses(4) }]);
      expect(ids.slice(0, 3)).toEqual(['e0', 'e1', 'e2']);
      expect([...new Set(ids)]).toEqual(stored.map(({ id }) => id));
      expect(afterOf(filters()[2])).toBe('2026-01-01T00:02:00Z');
    });

    it('fails where the server supports no filter of the kind at all', async () => {
      jmap.methods['Email/query'] = () => ({ error: { type: 'unsupportedFilter', description: 'no from' } });
      await expect(
        idsOf(await jmap.open(), [{ inMailboxes: mailboxes(9), from: addresses(50) }]),
      ).rejects.toMatchObject({ code: 'protocol', message: expect.stringContaining('unsupportedFilter, no from') });
      expect(requests().length).toBeLessThan(12);
    });

    it('fails where the server lists no mailbox', async () => {
      jmap.methods['Email/query'] = () => ({ error: { type: 'unsupportedFilter' } });
      await expect(idsOf(await jmap.open(), [{ inMailboxes: mailboxes(9) }])).rejects.toMatchObject({
        code: 'protocol',
      });
    });

    function refuseAbove(most: number): void {
      const query = jmap.methods['Email/query'];
      jmap.methods['Email/query'] = (args) => {
        const text = JSON.stringify(args['filter']);
        const product = (text.match(/"inMailbox"/g)?.length || 1) * (text.match(/"from"/g)?.length || 1);
        return product > most
          ? { error: { type: 'unsupportedFilter', description: 'search too complex' } }
          : (query?.(args) ?? {});
      };
    }
  });

  it('gives the oldest first even where the server reads them in another order', async () => {
    store(4);
    const get = jmap.methods['Email/get'];
    jmap.methods['Email/get'] = (args) => ({ list: [...listIn(get?.(args))].reverse() });
    await expect(idsOf(await jmap.open(), [{ inMailboxes: ['m'] }])).resolves.toEqual(['e0', 'e1', 'e2', 'e3']);
  });

  it('leaves out messages that are gone when they are read', async () => {
    jmap.session = sessionWith({ maxObjectsInGet: 2 });
    store(4);
    gone = 'e1';
    await expect(idsOf(await jmap.open(), [{ inMailboxes: ['m'] }])).resolves.toEqual(['e0', 'e2', 'e3']);
  });

  it.each([1, 2])('sends %i requests at the same time where the server takes no more', async (most) => {
    jmap.session = sessionWith({ maxConcurrentRequests: most });
    store(1);
    const mail = await jmap.open();
    let open = 0;
    let seen = 0;
    jmap.hold = async () => {
      open += 1;
      seen = Math.max(seen, open);
      // Until as many as may are here, and a while longer for those that may not.
      for (let turn = 0; seen < most || turn < 20; turn += 1) await new Promise(setImmediate);
      open -= 1;
    };
    await Promise.all(Array.from({ length: 4 }, () => idsOf(mail, [{ inMailboxes: ['m'] }])));
    expect(seen).toBe(most);
  });

  it.each<[string, unknown, unknown]>([
    ['none', null, null],
    ['no list', 'ann@x.example', null],
    ['an empty list', [], null],
    ['a first one without an address', [{ name: 'Ann', email: null }, { email: 'b@x.example' }], null],
    ['a second one that makes no sense', [{ name: 'A', email: 'a@x.example' }, 7], null],
    ['one without a name', [{ email: 'a@x.example' }], [{ name: null, email: 'a@x.example' }]],
    [
      'several',
      [{ name: 'A', email: 'a@x.example' }, { email: 'b@x.example' }],
      [
        { name: 'A', email: 'a@x.example' },
        { name: null, email: 'b@x.example' },
      ],
    ],
  ])('reads From addresses: %s', async (_, from, expected) => {
    store(1);
    jmap.methods['Email/get'] = () => ({ list: [{ ...email('e0'), from }] });
    const mail = await jmap.open();
    for await (const page of mail.messages([{ inMailboxes: ['m'] }])) expect(page).toMatchObject([{ from: expected }]);
    expect.assertions(1);
  });

  it.each([
    ['query', 'Email/query', { error: { type: 'serverUnavailable' } }, 'transient'],
    ['reading', 'Email/get', { error: { type: 'serverFail' } }, 'transient'],
    ['answer without ids', 'Email/query', {}, 'protocol'],
    ['message without an id', 'Email/get', { list: [{}] }, 'protocol'],
  ])('fails with the %s', async (_, method, answer, code) => {
    store(1);
    jmap.methods[method] = () => answer;
    await expect(idsOf(await jmap.open(), [{ inMailboxes: ['m'] }])).rejects.toMatchObject({ code });
  });
});

function limitProblem(limit: string): string {
  return JSON.stringify({ type: 'urn:ietf:params:jmap:error:limit', limit });
}

function afterOf(filter: unknown): string {
  return /"after":"([^"]+)"/.exec(JSON.stringify(filter))?.[1] ?? '';
}

function listIn(answer: unknown): readonly unknown[] {
  return (answer as { readonly list: readonly unknown[] }).list;
}
