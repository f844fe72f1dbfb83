import type { Mail } from '../../src/ports';
import type { MessageChange } from '../../src/triage/message';
import { type ScriptedJmap, sessionWith, startScriptedJmap } from './scripted-jmap';

type Updates = Readonly<Record<string, Readonly<Record<string, true | null>>>>;

describe('changing messages', () => {
  let jmap: ScriptedJmap;
  beforeEach(async () => {
    jmap = await startScriptedJmap();
    jmap.methods['Email/set'] = ({ update }) => ({
      updated: Object.fromEntries(Object.keys(update as Updates).map((id) => [id, null])),
    });
  });
  afterEach(() => jmap.stop());

  function changes(count: number): readonly MessageChange[] {
    return Array.from({ length: count }, (_, i) => ({ id: `e${i}`, add: ['feed'], remove: ['screener'] }));
  }

  function updates(): readonly Updates[] {
    return jmap.calls.slice(1).map((calls) => calls[0]?.[1]['update'] as Updates);
  }

  async function kindsOf(mail: Mail, wanted: readonly MessageChange[]): Promise<readonly string[]> {
    return Array.from(await mail.update(wanted), ([id, { kind }]) => `${id} ${kind}`);
  }

  it('patches mailboxes one by one, and never the whole set', async () => {
    const mail = await jmap.open();
    const outcomes = await mail.update([{ id: 'e1', add: ['feed', 'in'], remove: ['screener'] }]);
    expect(Object.fromEntries(outcomes)).toEqual({ e1: { kind: 'updated' } });
    expect(updates()).toEqual([
      { e1: { 'mailboxIds/screener': null, 'mailboxIds/feed': true, 'mailboxIds/in': true } },
    ]);
  });

  it('escapes ids as JSON pointers ask for, and takes ids for names that JavaScript knows', async () => {
    const set = jmap.methods['Email/set'];
    jmap.methods['Email/set'] = (args) => ({ ...set?.(args), notUpdated: {} });
    const mail = await jmap.open();
    const outcomes = await mail.update([
      { id: '__proto__', add: ['a~/b'], remove: [] },
      { id: 'constructor', add: ['~1'], remove: ['__proto__'] },
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
    const mail = await jmap.open();
    await expect(kindsOf(mail, [{ id: 'e1', add: [], remove: [] }])).resolves.toEqual(['e1 updated']);
    expect(updates()).toEqual([]);
  });

  it('sets and clears keywords beside mailboxes', async () => {
    const mail = await jmap.open();
    const keywords = { $junk: true, $notjunk: false };
    await mail.update([{ id: 'e1', add: ['junk'], remove: [], keywords }]);
    await mail.update([{ id: 'e2', add: [], remove: [], keywords }]);
    const patch = { 'keywords/$junk': true, 'keywords/$notjunk': null };
    expect(updates()).toEqual([{ e1: { 'mailboxIds/junk': true, ...patch } }, { e2: patch }]);
  });

  it('makes one patch of two changes to one message', async () => {
    const mail = await jmap.open();
    await mail.update([
      { id: 'e1', add: ['a'], remove: ['b'] },
      { id: 'e1', add: ['c'], remove: [] },
    ]);
    expect(updates()).toEqual([{ e1: { 'mailboxIds/b': null, 'mailboxIds/a': true, 'mailboxIds/c': true } }]);
  });

  it('sends no more changes in a request than the server takes', async () => {
    jmap.session = sessionWith({ maxObjectsInSet: 3 });
    const mail = await jmap.open();
    await expect(mail.update(changes(8))).resolves.toHaveProperty('size', 8);
    expect(
      updates()
        .map((update) => Object.keys(update).length)
        .sort(),
    ).toEqual([2, 3, 3]);
  });

  it('sends no longer request than the server takes, in bytes', async () => {
    jmap.session = sessionWith({ maxSizeRequest: 3_000 });
    const mail = await jmap.open();
    const long = changes(40).map((change) => ({ ...change, add: ['ü'.repeat(100)] }));
    await expect(mail.update(long)).resolves.toHaveProperty('size', 40);
    const sizes = jmap.http.requests.slice(2).map(({ body }) => Buffer.byteLength(body));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(3_000);
    expect(sizes.length).toBeLessThan(10);
  });

  it.each([1, 2])('sends %i requests at the same time where the server takes no more', async (most) => {
    jmap.session = sessionWith({ maxObjectsInSet: 1, maxConcurrentRequests: most });
    let open = 0;
    let seen = 0;
    const mail = await jmap.open();
    jmap.hold = async () => {
      open += 1;
      seen = Math.max(seen, open);
      // Until as many as may are here, and a while longer for those that may not.
      for (let turn = 0; seen < most || turn < 20; turn += 1) await new Promise(setImmediate);
      open -= 1;
    };
    await expect(mail.update(changes(8))).resolves.toHaveProperty('size', 8);
    expect(seen).toBe(most);
  });

  it.each([
    ['method', undefined, { error: { type: 'requestTooLarge' } }],
    ['request', { type: 'urn:ietf:params:jmap:error:limit', limit: 'maxSizeRequest', status: 400 }, {}],
    ['proxy', 413, {}],
  ])('halves a chunk that is too large for the %s, until it fits', async (_, refusal, answer) => {
    const set = jmap.methods['Email/set'];
    jmap.methods['Email/set'] = (args) =>
      Object.keys(args['update'] as Updates).length > 2 ? answer : (set?.(args) ?? {});
    const mail = await jmap.open();
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
    const outcomes = await (await jmap.open()).update(changes(2));
    expect(Object.fromEntries(outcomes)).toEqual({ e0: outcome, e1: { kind: 'updated' } });
  });

  it('does not believe in an update that the answer does not name', async () => {
    jmap.methods['Email/set'] = () => ({ updated: { e1: null }, notUpdated: null });
    await expect(kindsOf(await jmap.open(), changes(2))).resolves.toEqual(['e0 failed', 'e1 updated']);
  });

  it.each<[string, object]>([
    ['an error of the method', { error: { type: 'serverUnavailable' } }],
    ['a method that the server does not know', { error: { type: 'unknownMethod' } }],
  ])('fails the messages of one chunk for %s, and goes on with the others', async (_, answer) => {
    jmap.session = sessionWith({ maxObjectsInSet: 2 });
    const set = jmap.methods['Email/set'];
    jmap.methods['Email/set'] = (args) =>
      Object.hasOwn(args['update'] as Updates, 'e0') ? { ...answer } : (set?.(args) ?? {});
    await expect(kindsOf(await jmap.open(), changes(4))).resolves.toEqual([
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
    const mail = await jmap.open();
    jmap.insteads.push(answer, answer, answer);
    await expect(kindsOf(mail, changes(2))).resolves.toEqual(['e0 failed', 'e1 failed']);
  });

  it('sends a patch again after a lost answer', async () => {
    const mail = await jmap.open();
    jmap.insteads.push({ status: 200, body: '{"methodResponses":[]}', cut: true });
    await expect(kindsOf(mail, changes(1))).resolves.toEqual(['e0 updated']);
    expect(updates()).toHaveLength(2);
  });

  it.each([
    ['a token that is not accepted any more', { status: 401 }],
    ['a token that may not write', { status: 403 }],
  ])('throws for %s', async (_, answer) => {
    const mail = await jmap.open();
    jmap.insteads.push(answer, answer);
    await expect(mail.update(changes(1))).rejects.toMatchObject({ code: 'credentials' });
  });

  it('throws when the account may be read only', async () => {
    jmap.methods['Email/set'] = () => ({ error: { type: 'accountReadOnly' } });
    await expect((await jmap.open()).update(changes(1))).rejects.toMatchObject({ code: 'credentials' });
  });
});
