import type { NewMessage } from '../../src/ports';
import { type Arguments, type ScriptedJmap, startScriptedJmap } from './scripted-jmap';

const HEADER = 'X-Mailroom-Letter';

const LETTER: NewMessage = {
  mailboxId: 'in',
  address: 'ann@own.example',
  subject: '2 senders in the Screener',
  header: { name: HEADER, value: 'v1' },
  text: 'Who waits',
  html: '<p>Who waits</p>',
};

/** A message as the server holds it. Without `received` nobody has handed it on. */
interface Stored {
  readonly id: string;
  readonly receivedAt?: unknown;
  readonly header?: unknown;
  readonly received?: string;
}

describe('Messages of our own', () => {
  let jmap: ScriptedJmap;
  /** What a search by header finds; undefined for a server that cannot search so. */
  let byHeader: readonly Stored[] | undefined;
  /** The newest ones of the mailbox. */
  let newest: readonly Stored[];
  beforeEach(async () => {
    jmap = await startScriptedJmap();
    byHeader = [];
    newest = [];
    let found: readonly Stored[] = [];
    Object.assign(jmap.methods, {
      'Email/query': ({ filter }: Arguments) => {
        const searched = 'header' in (filter as object) ? byHeader : newest;
        if (searched === undefined) return { error: { type: 'unsupportedFilter' } };
        found = searched;
        return { ids: found.map(({ id }) => id) };
      },
      'Email/get': () => ({ list: found.map(asEmail) }),
    });
  });
  afterEach(() => jmap.stop());

  function asEmail({ id, receivedAt = '2026-01-15T09:00:00Z', header = ' v1', received }: Stored): object {
    return { id, receivedAt, [`header:${HEADER}`]: header, 'header:Received': received ?? null };
  }

  async function found(mailboxId: string | null = 'in') {
    const mail = await jmap.open();
    return mail.ownMessages(HEADER, mailboxId);
  }

  /** Arguments of the calls of that method, in their order. */
  function asked(method: string): readonly Arguments[] {
    return jmap.calls.flatMap((calls) => calls.filter(([name]) => name === method).map(([, args]) => args));
  }

  describe('are found', () => {
    it('by their header, and among the newest of the mailbox, each once and the newest first', async () => {
      byHeader = [
        { id: 'a', receivedAt: '2026-01-01T09:00:00Z' },
        { id: 'b', receivedAt: '2026-01-03T09:00:00Z' },
      ];
      newest = [{ id: 'c', receivedAt: '2026-01-02T09:00:00Z' }, ...byHeader];
      expect((await found()).map(({ id }) => id)).toEqual(['b', 'c', 'a']);
      expect(asked('Email/query').map(({ filter }) => filter)).toEqual([{ header: [HEADER] }, { inMailbox: 'in' }]);
    });

    it('with the value of their header, without the white space around it', async () => {
      newest = [{ id: 'a', header: ' one two\r\n ' }];
      expect(await found()).toEqual([{ id: 'a', receivedAt: '2026-01-15T09:00:00Z', header: 'one two' }]);
    });

    it('by their header alone where there is no mailbox to look into', async () => {
      newest = [{ id: 'a' }];
      expect(await found(null)).toEqual([]);
      expect(asked('Email/query')).toHaveLength(1);
    });

    it('among the newest where the server cannot search in headers', async () => {
      byHeader = undefined;
      newest = [{ id: 'a' }];
      expect((await found()).map(({ id }) => id)).toEqual(['a']);
    });

    it.each<[string, Stored]>([
      ['was handed on by a mail server', { id: 'x', received: ' from mx.attacker.example' }],
      ['has no such header', { id: 'x', header: null }],
      ['has a header that is no text', { id: 'x', header: 7 }],
      ['has no date', { id: 'x', receivedAt: null }],
    ])('but for what %s', async (_, stranger) => {
      byHeader = [stranger];
      newest = [stranger, { id: 'ours' }];
      expect((await found()).map(({ id }) => id)).toEqual(['ours']);
    });

    it('or a failure is told', async () => {
      jmap.methods['Email/query'] = () => ({ error: { type: 'serverFail' } });
      await expect(found()).rejects.toMatchObject({
        code: 'transient',
        message: expect.stringContaining('Email/query'),
      });
    });
  });

  describe('are made', () => {
    it('unread in the mailbox, from and to the user, as text and as HTML', async () => {
      jmap.methods['Email/set'] = () => ({ created: { new: { id: 'a' } } });
      await (await jmap.open()).createMessage(LETTER);
      expect(asked('Email/set')).toEqual([
        {
          accountId: 'ann',
          create: {
            new: {
              mailboxIds: { in: true },
              keywords: {},
              from: [{ name: 'Mailroom', email: LETTER.address }],
              to: [{ name: null, email: LETTER.address }],
              subject: LETTER.subject,
              [`header:${HEADER}:asText`]: 'v1',
              bodyStructure: {
                type: 'multipart/alternative',
                subParts: [
                  { partId: 'text', type: 'text/plain' },
                  { partId: 'html', type: 'text/html' },
                ],
              },
              bodyValues: { text: { value: LETTER.text }, html: { value: LETTER.html } },
            },
          },
        },
      ]);
    });

    it('once: a lost answer is not asked for again', async () => {
      jmap.methods['Email/set'] = () => ({ created: { new: { id: 'a' } } });
      const mail = await jmap.open();
      jmap.insteads.push({ status: 503 });
      await expect(mail.createMessage(LETTER)).rejects.toMatchObject({ code: 'transient' });
      expect(asked('Email/set')).toHaveLength(1);
    });

    it.each([
      ['refused', { type: 'overQuota', description: 'no room' }, 'overQuota, no room'],
      ['refused', {}, 'no reason given'],
      ['transient', { type: 'serverFail' }, 'serverFail'],
    ])('or it is %s: %j', async (code, error, reason) => {
      jmap.methods['Email/set'] = () => ({ created: null, notCreated: { new: error } });
      await expect((await jmap.open()).createMessage(LETTER)).rejects.toMatchObject({
        code,
        message: `JMAP: the server does not take the message: ${reason}`,
      });
    });
  });

  describe('are destroyed', () => {
    async function destroy(...ids: readonly string[]): Promise<void> {
      await (await jmap.open()).destroyMessages(ids);
    }

    it('by their ids', async () => {
      jmap.methods['Email/set'] = ({ destroy: destroyed }) => ({ destroyed });
      await destroy('a', 'b');
      expect(asked('Email/set')).toEqual([{ accountId: 'ann', destroy: ['a', 'b'] }]);
    });

    it('without a request where there are none', async () => {
      await destroy();
      expect(asked('Email/set')).toEqual([]);
    });

    it('or are gone already', async () => {
      jmap.methods['Email/set'] = () => ({ destroyed: ['a'], notDestroyed: { b: { type: 'notFound' } } });
      await expect(destroy('a', 'b')).resolves.toBeUndefined();
    });

    it.each([
      ['refused', 'forbidden'],
      ['transient', 'serverUnavailable'],
    ])('or it is %s: %s', async (code, type) => {
      jmap.methods['Email/set'] = () => ({ destroyed: ['a'], notDestroyed: { b: { type } } });
      await expect(destroy('a', 'b')).rejects.toMatchObject({
        code,
        message: `JMAP: the server does not destroy a message: ${type}`,
      });
    });
  });
});
