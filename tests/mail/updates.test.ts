import type { Mail } from '../../src/ports';
import type { MessageChange } from '../../src/triage/message';
import { type Arguments, type Method, type ScriptedJmap, sessionWith, startScriptedJmap } from './scripted-jmap';

type Updates = Readonly<Record<string, Readonly<Record<string, true | null>>>>;

describe('changing messages', () => {
  let jmap: ScriptedJmap;
  beforeEach(async () => {
    jmap = await startScriptedJmap();
    Object.assign(jmap.methods, {
      'Email/query': () => ({ ids: [] }),
      // Every message that is asked for is in the Screener.
      'Email/get': ({ ids }: Readonly<Record<string, unknown>>) => ({
        state: 's',
        list: ((ids ?? []) as readonly string[]).map((id) => ({ id, mailboxIds: { screener: true } })),
      }),
      'Email/set': ({ update }: Readonly<Record<string, unknown>>) => ({
        updated: Object.fromEntries(Object.keys(update as Updates).map((id) => [id, null])),
        newState: 's',
      }),
    });
  });
  afterEach(() => jmap.stop());

  function changes(count: number): readonly MessageChange[] {
    return Array.from({ length: count }, (_, i) => ({
      id: `e${i}`,
      add: ['feed'],
      remove: ['screener'],
      whileIn: ['screener'],
    }));
  }

  /** Opens the mail and reads some, as whoever changes messages has done. */
  async function opened(): Promise<Mail> {
    const mail = await jmap.open();
    for await (const _ of mail.messages([{ inMailboxes: ['screener'] }]));
    return mail;
  }

  function updates(): readonly Updates[] {
    return sets().map((args) => args['update'] as Updates);
  }

  /** The arguments of each Email/set. */
  function sets(): readonly Readonly<Record<string, unknown>>[] {
    return jmap.calls
      .flat()
      .filter(([name]) => name === 'Email/set')
      .map(([, args]) => args);
  }

  async function kindsOf(mail: Mail, wanted: readonly MessageChange[]): Promise<readonly string[]> {
    return Array.from(await mail.update(wanted), ([id, { kind }]) => `${id} ${kind}`);
  }

  it('patches mailboxes one by one, and never the whole set', async () => {
    const mail = await opened();
    const outcomes = await mail.update([
      { id: 'e1', add: ['feed', 'in'], remove: ['screener'], whileIn: ['screener'] },
    ]);
    expect(Object.fromEntries(outcomes)).toEqual({ e1: { kind: 'updated' } });
    expect(updates()).toEqual([
      { e1: { 'mailboxIds/screener': null, 'mailboxIds/feed': true, 'mailboxIds/in': true } },
    ]);
  });

  it('escapes ids as JSON pointers ask for, and takes ids for names that JavaScript knows', async () => {
    const set = jmap.methods['Email/set'];
    jmap.methods['Email/set'] = (args) => ({ ...set?.(args), notUpdated: {} });
    const mail = await opened();
    const outcomes = await mail.update([
      { id: '__proto__', add: ['a~/b'], remove: [], whileIn: [] },
      { id: 'constructor', add: ['~1'], remove: ['__proto__'], whileIn: ['__proto__'] },
    ]);
    expect([...outcomes]).toEqual([
      ['__proto__', { kind: 'updated' }],
      ['constructor', { kind: 'updated' }],
    ]);
    expect(jmap.http.requests.at(-1)?.body).toContain(
      '{"__proto__":{"mailboxIds/a~0~1b":true},"constructor":{"mailboxIds/__proto__":null,"mailboxIds/~01":true}}',
    );
  });

  it('sends no change that changes nothing', async () => {
    const mail = await opened();
    await expect(kindsOf(mail, [{ id: 'e1', add: [], remove: [], whileIn: [] }])).resolves.toEqual(['e1 updated']);
    expect(updates()).toEqual([]);
  });

  it('sets and clears keywords beside mailboxes', async () => {
    const mail = await opened();
    const keywords = { $junk: true, $notjunk: false };
    await mail.update([{ id: 'e1', add: ['junk'], remove: [], keywords, whileIn: ['screener'] }]);
    await mail.update([{ id: 'e2', add: [], remove: [], keywords, whileIn: ['screener'] }]);
    const patch = { 'keywords/$junk': true, 'keywords/$notjunk': null };
    expect(updates()).toEqual([{ e1: { 'mailboxIds/junk': true, ...patch } }, { e2: patch }]);
  });

  it('makes one patch of two changes to one message', async () => {
    const mail = await opened();
    await mail.update([
      { id: 'e1', add: ['a'], remove: ['b'], whileIn: ['b'] },
      { id: 'e1', add: ['c'], remove: [], whileIn: [] },
    ]);
    expect(updates()).toEqual([{ e1: { 'mailboxIds/b': null, 'mailboxIds/a': true, 'mailboxIds/c': true } }]);
  });

  it('sends no more changes in a request than the server takes', async () => {
    jmap.session = sessionWith({ maxObjectsInSet: 3 });
    const mail = await opened();
    await expect(mail.update(changes(8))).resolves.toHaveProperty('size', 8);
    expect(
      updates()
        .map((update) => Object.keys(update).length)
        .sort(),
    ).toEqual([2, 3, 3]);
  });

  it('sends no longer request than the server takes, in bytes', async () => {
    jmap.session = sessionWith({ maxSizeRequest: 3_000 });
    const mail = await opened();
    const long = changes(40).map((change) => ({ ...change, add: ['ü'.repeat(100)] }));
    await expect(mail.update(long)).resolves.toHaveProperty('size', 40);
    const sizes = jmap.http.requests.slice(2).map(({ body }) => Buffer.byteLength(body));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(3_000);
    expect(sizes.length).toBeLessThan(10);
  });

  it.each([
    ['method', undefined, { error: { type: 'requestTooLarge' } }],
    ['request', { type: 'urn:ietf:params:jmap:error:limit', limit: 'maxSizeRequest', status: 400 }, {}],
    ['proxy', 413, {}],
  ])('halves a chunk that is too large for the %s, until it fits', async (_, refusal, answer) => {
    const set = jmap.methods['Email/set'];
    jmap.methods['Email/set'] = (args) =>
      Object.keys(args['update'] as Updates).length > 2 ? answer : (set?.(args) ?? {});
    const mail = await opened();
    if (refusal !== undefined) {
      const instead =
        refusal === 413 ? { status: 413, body: 'too long' } : { status: 400, body: JSON.stringify(refusal) };
      jmap.insteads.push(instead, instead);
    }
    await expect(kindsOf(mail, changes(4))).resolves.toEqual(['e0 updated', 'e1 updated', 'e2 updated', 'e3 updated']);
    expect(updates().map((update) => Object.keys(update).length)).toEqual(
      refusal === undefined ? [4, 2, 2] : [4, 2, 1, 1, 2],
    );
  });

  it.each([
    [{ type: 'notFound' }, { kind: 'gone' }],
    [
      { type: 'invalidProperties', description: 'in no mailbox' },
      { kind: 'refused', reason: 'invalidProperties, in no mailbox' },
    ],
    [{ type: 'tooManyMailboxes' }, { kind: 'refused', reason: 'tooManyMailboxes' }],
    [
      { type: 'forbidden', description: 'ask ann@x.example' },
      { kind: 'refused', reason: 'forbidden, ask …' },
    ],
    [{ type: 'rateLimit' }, { kind: 'failed', reason: 'rateLimit' }],
    [
      { type: 'serverFail', description: 'oops' },
      { kind: 'failed', reason: 'serverFail, oops' },
    ],
    [{ type: 'serverUnavailable' }, { kind: 'failed', reason: 'serverUnavailable' }],
    [{}, { kind: 'refused', reason: 'unnamed error' }],
  ])('tells of the item error %p', async (error, outcome) => {
    jmap.methods['Email/set'] = () => ({ updated: { e1: null }, notUpdated: { e0: error } });
    const outcomes = await (await opened()).update(changes(2));
    expect(Object.fromEntries(outcomes)).toEqual({ e0: outcome, e1: { kind: 'updated' } });
  });

  it('does not believe in an update that the answer does not name', async () => {
    jmap.methods['Email/set'] = () => ({ updated: { e1: null }, notUpdated: null });
    await expect(kindsOf(await opened(), changes(2))).resolves.toEqual(['e0 failed', 'e1 updated']);
  });

  it.each<[string, object]>([
    ['an error of the method', { error: { type: 'serverUnavailable' } }],
    ['a method that the server does not know', { error: { type: 'unknownMethod' } }],
  ])('fails the messages of one chunk for %s, and goes on with the others', async (_, answer) => {
    jmap.session = sessionWith({ maxObjectsInSet: 2 });
    const set = jmap.methods['Email/set'];
    jmap.methods['Email/set'] = (args) =>
      Object.hasOwn(args['update'] as Updates, 'e0') ? { ...answer } : (set?.(args) ?? {});
    await expect(kindsOf(await opened(), changes(4))).resolves.toEqual([
      'e0 failed',
      'e1 failed',
      'e2 updated',
      'e3 updated',
    ]);
  });

  it.each([
    ['that never ends well', { status: 503 }],
    ['whose answer is a web page', { status: 200, body: '<html>' }],
  ])('fails the messages of a request %s', async (_, answer) => {
    const mail = await opened();
    jmap.insteads.push(answer, answer, answer);
    await expect(kindsOf(mail, changes(2))).resolves.toEqual(['e0 failed', 'e1 failed']);
  });

  it('sends a patch again after a lost answer', async () => {
    const mail = await opened();
    jmap.insteads.push({ status: 200, body: '{"methodResponses":[]}', cut: true });
    await expect(kindsOf(mail, changes(1))).resolves.toEqual(['e0 updated']);
    expect(updates()).toHaveLength(2);
  });

  it.each([
    ['a token that is not accepted any more', { status: 401 }],
    ['a token that may not write', { status: 403 }],
  ])('throws for %s', async (_, answer) => {
    const mail = await opened();
    jmap.insteads.push(answer, answer);
    await expect(mail.update(changes(1))).rejects.toMatchObject({ code: 'credentials' });
  });

  it('throws when the account may be read only', async () => {
    jmap.methods['Email/set'] = () => ({ error: { type: 'accountReadOnly' } });
    await expect((await opened()).update(changes(1))).rejects.toMatchObject({ code: 'credentials' });
  });

  describe('that somebody else may change meanwhile', () => {
    /** Id → its mailboxes. */
    let places: Record<string, readonly string[]>;
    let version: number;
    /** Runs before the writes that it is given for: what somebody does in that moment. */
    let before: (write: number) => void;
    beforeEach(() => {
      places = { e0: ['screener'], e1: ['screener'], e2: ['screener'] };
      version = 1;
      before = () => {};
      let writes = 0;
      Object.assign(jmap.methods, {
        'Email/query': () => ({ ids: Object.keys(places) }),
        'Email/get': ({ ids }: Arguments) => ({ state: `s${version}`, list: listed((ids as string[]) ?? []) }),
        'Email/set': ({ update, ifInState }: Arguments) => {
          before(++writes);
          if (ifInState !== undefined && ifInState !== `s${version}`) return { error: { type: 'stateMismatch' } };
          for (const [id, patch] of Object.entries(update as Updates)) write(id, patch);
          return {
            updated: Object.fromEntries(Object.keys(update as Updates).map((id) => [id, null])),
            newState: `s${version}`,
          };
        },
      });
    });

    function listed(ids: readonly string[]): readonly object[] {
      return ids.flatMap((id) => {
        const mailboxes = places[id];
        return mailboxes === undefined
          ? []
          : { id, mailboxIds: Object.fromEntries(mailboxes.map((mailbox) => [mailbox, true])) };
      });
    }

    function write(id: string, patch: Updates[string]): void {
      const mailboxes = new Set(places[id]);
      for (const [path, value] of Object.entries(patch)) {
        const mailbox = path.slice('mailboxIds/'.length);
        if (value === null) mailboxes.delete(mailbox);
        else mailboxes.add(mailbox);
      }
      put(id, [...mailboxes]);
    }

    function put(id: string, mailboxes: readonly string[]): void {
      places = { ...places, [id]: mailboxes };
      version += 1;
    }

    const conditions = () => sets().map(({ ifInState }) => ifInState);
    const readAgain = () =>
      jmap.calls
        .slice(2)
        .flat()
        .filter(([name]) => name === 'Email/get').length;

    it('are written on condition that nothing has changed since they were read, or by nobody else', async () => {
      jmap.session = sessionWith({ maxObjectsInSet: 2 });
      const mail = await opened();
      await mail.update(changes(3));
      await mail.update([{ id: 'e0', add: ['x'], remove: ['feed'], whileIn: ['feed'] }]);
      expect(conditions()).toEqual(['s1', 's3', 's4']);
      expect(readAgain()).toBe(0);
      expect(places).toEqual({ e0: ['x'], e1: ['feed'], e2: ['feed'] });
    });

    it('stay where they were put, chunk by chunk', async () => {
      jmap.session = sessionWith({ maxObjectsInSet: 2 });
      const mail = await opened();
      before = (write) => {
        if (write === 1) put('e1', ['trash']);
        if (write === 3) put('e2', ['archive']);
      };
      await expect(kindsOf(mail, changes(3))).resolves.toEqual(['e0 updated', 'e1 moved', 'e2 moved']);
      expect(places).toEqual({ e0: ['feed'], e1: ['trash'], e2: ['archive'] });
      expect(updates().map((update) => Object.keys(update))).toEqual([['e0', 'e1'], ['e0'], ['e2']]);
    });

    it('are read again where they changed while they were read', async () => {
      const mail = await opened();
      put('e0', ['trash']);
      for await (const _ of mail.messages([{ inMailboxes: ['screener'] }]));
      await expect(kindsOf(mail, changes(2))).resolves.toEqual(['e0 moved', 'e1 updated']);
      expect(readAgain()).toBe(2);
    });

    it('may be gone', async () => {
      const mail = await opened();
      before = () => {
        const { e0: _, ...others } = places;
        places = others;
        version += 1;
        before = () => {};
      };
      await expect(kindsOf(mail, changes(2))).resolves.toEqual(['e0 gone', 'e1 updated']);
    });

    it('may be as they should be: the answer of the first write was lost', async () => {
      const mail = await opened();
      const set = jmap.methods['Email/set'];
      jmap.methods['Email/set'] = (args) => {
        set?.(args);
        jmap.methods['Email/set'] = set as Method;
        return { error: { type: 'serverFail' } };
      };
      await mail.update(changes(1));
      await expect(kindsOf(mail, changes(1))).resolves.toEqual(['e0 updated']);
      expect(places['e0']).toEqual(['feed']);
      expect(sets()).toHaveLength(2);
    });

    it('are written without condition after four readings, where messages change all the time', async () => {
      const mail = await opened();
      before = () => put('other', [`${version}`]);
      await expect(kindsOf(mail, changes(1))).resolves.toEqual(['e0 updated']);
      expect(conditions()).toEqual(['s1', 's2', 's3', 's4', undefined]);
      expect(readAgain()).toBe(4);
    });

    it('are read again in parts where the server gives less at once than it says', async () => {
      const get = jmap.methods['Email/get'];
      jmap.methods['Email/get'] = (args) =>
        (args['ids'] as string[])?.length > 1 ? { error: { type: 'requestTooLarge' } } : (get?.(args) ?? {});
      const mail = await opened();
      before = (write) => {
        if (write === 1) put('e2', ['trash']);
      };
      await expect(kindsOf(mail, changes(3))).resolves.toEqual(['e0 updated', 'e1 updated', 'e2 moved']);
    });
  });
});
