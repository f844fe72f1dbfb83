import { INBOX, type ScriptedJmap, sessionWith, startScriptedJmap } from './scripted-jmap';

interface NewMailbox {
  readonly name: string;
}

describe('making mailboxes', () => {
  let jmap: ScriptedJmap;
  let there: { readonly id: string; readonly name: string; readonly parentId: string | null }[];
  beforeEach(async () => {
    jmap = await startScriptedJmap();
    there = [INBOX];
    jmap.methods = {
      'Mailbox/get': () => ({ list: there }),
      'Mailbox/set': ({ create }) => ({ created: make(create as Readonly<Record<string, NewMailbox>>) }),
    };
  });
  afterEach(() => jmap.stop());

  function make(create: Readonly<Record<string, NewMailbox>>): Readonly<Record<string, { readonly id: string }>> {
    for (const { name } of Object.values(create)) there.push({ id: name, name, parentId: null });
    return Object.fromEntries(Object.keys(create).map((id) => [id, { id }]));
  }

  /** Names that each request after the opening one asks for, `read` for one that lists the mailboxes. */
  function asked(): readonly (readonly string[] | 'read')[] {
    return jmap.calls.slice(1).map(([call]) => {
      const create = call?.[1]['create'];
      return create === undefined
        ? 'read'
        : Object.values(create as Readonly<Record<string, NewMailbox>>).map(({ name }) => name);
    });
  }

  it('makes them at the top level, and subscribed', async () => {
    await (await jmap.open()).createMailboxes(['Feed']);
    expect(jmap.calls[1]).toEqual([
      [
        'Mailbox/set',
        { accountId: 'ann', create: { new0: { name: 'Feed', parentId: null, isSubscribed: true } } },
        '0',
      ],
    ]);
  });

  it('makes no more at once than the server takes', async () => {
    jmap.session = sessionWith({ maxObjectsInSet: 2 });
    await (await jmap.open()).createMailboxes(['A', 'B', 'C']);
    expect(asked()).toEqual([['A', 'B'], ['C']]);
  });

  it('makes ten at once at most', async () => {
    const names = Array.from({ length: 23 }, (_, i) => `M${i}`);
    await (await jmap.open()).createMailboxes(names);
    expect(asked()).toEqual([names.slice(0, 10), names.slice(10, 20), names.slice(20)]);
  });

  it('makes half as many at once where the server refuses so many', async () => {
    const set = jmap.methods['Mailbox/set'];
    jmap.methods['Mailbox/set'] = (args) =>
      Object.keys(args['create'] as object).length > 1 ? { error: { type: 'requestTooLarge' } } : (set?.(args) ?? {});
    await (await jmap.open()).createMailboxes(['A', 'B', 'C']);
    expect(asked()).toEqual([['A', 'B', 'C'], ['A', 'B'], ['A'], ['B'], ['C']]);
  });

  it('looks after a lost answer which of them were made, and makes the others', async () => {
    const mail = await jmap.open();
    jmap.insteads.push({ status: 503 });
    there.push({ id: 'a', name: 'A', parentId: null }, { id: 'c', name: 'C', parentId: 'a' });
    await mail.createMailboxes(['A', 'B', 'C']);
    expect(asked()).toEqual([['A', 'B', 'C'], 'read', ['B', 'C']]);
  });

  it('is done after a lost answer when all of them were made', async () => {
    const mail = await jmap.open();
    jmap.insteads.push({ status: 200, body: '{"methodResponses":[]}', cut: true });
    there.push({ id: 'a', name: 'A', parentId: null });
    await mail.createMailboxes(['A']);
    expect(asked()).toEqual([['A'], 'read']);
  });

  it('gives up after three lost answers', async () => {
    const mail = await jmap.open();
    const lost = { status: 503 };
    jmap.insteads.push(lost, undefined, lost, undefined, lost);
    await expect(mail.createMailboxes(['A'])).rejects.toMatchObject({ code: 'transient' });
    expect(asked()).toEqual([['A'], 'read', ['A'], 'read', ['A']]);
  });

  it('makes what it can, and names what the server does not make', async () => {
    jmap.methods['Mailbox/set'] = ({ create }) => {
      const { new0, ...rest } = create as Readonly<Record<string, NewMailbox>>;
      const error = { type: 'invalidProperties', description: 'not a good name', properties: ['name'] };
      return { created: make(rest), ...(new0 === undefined ? {} : { notCreated: { new0: error } }) };
    };
    const names = Array.from({ length: 12 }, (_, i) => `M${i}`);
    await expect((await jmap.open()).createMailboxes(names)).rejects.toMatchObject({
      code: 'refused',
      message:
        'JMAP: the server does not make these mailboxes: ' +
        '"M0" (invalidProperties, not a good name: name), "M10" (invalidProperties, not a good name: name)',
    });
    expect(there.map(({ name }) => name)).toEqual([
      'Inbox',
      ...names.filter((name) => name !== 'M0' && name !== 'M10'),
    ]);
  });

  it('is content when somebody else has made it meanwhile', async () => {
    const mail = await jmap.open();
    jmap.methods['Mailbox/set'] = () => ({ notCreated: { new0: { type: 'invalidProperties' } } });
    there.push({ id: 'a', name: 'A', parentId: null });
    await expect(mail.createMailboxes(['A'])).resolves.toBeUndefined();
  });

  it('throws when the account may be read only', async () => {
    jmap.methods['Mailbox/set'] = () => ({ error: { type: 'accountReadOnly' } });
    await expect((await jmap.open()).createMailboxes(['A'])).rejects.toMatchObject({ code: 'credentials' });
  });
});
