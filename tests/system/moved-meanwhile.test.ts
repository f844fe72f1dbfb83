import { accountAt, type MailServer } from '../support/account';
import { runHere } from '../support/bundle-here';
import { runMailroom } from '../support/mailroom';
import { cycle } from '../support/on-cyrus';
import { describeOnMailServers } from '../support/on-servers';
import { preparedOnce } from '../support/prepared-once';
import { type SeenRequest, startProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';

const ANN = 'Ann <ann@sender.example>';
const IS_FILING = ({ kind }: SeenRequest): boolean => kind.includes('Email/set');

describeOnMailServers('What the user does to mail while Mailroom runs', (server: () => MailServer) => {
  async function newAccount(): Promise<TestAccount> {
    const account = await screenedAccount(server());
    await account.makeMailboxes(['Trash', 'Archive', 'Mine']);
    return account;
  }

  /** Runs Mailroom; before the first request that fits goes on, the user does something. Gives the number of requests. */
  async function runWhile(
    { account }: TestAccount,
    fits: (request: SeenRequest) => boolean,
    meanwhile: () => Promise<void>,
    { args = ['--once'], run = runMailroom }: { args?: readonly string[]; run?: typeof runHere } = {},
  ): Promise<number> {
    const proxy = await startProxy(server().origin);
    try {
      proxy.fault(fits, { hold: meanwhile }, 1);
      const { status, stdout, stderr } = await run(args, { account: accountAt(account, proxy.origin) });
      if (status !== 0) throw new Error(`Mailroom ended with ${status}: ${stdout}${stderr}`);
      return proxy.requests.length;
    } finally {
      await proxy.stop();
    }
  }

  async function placesIn(account: TestAccount): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries((await account.messages()).map(({ subject, mailboxes }) => [subject, mailboxes.join()]));
  }

  /** Mail of one sender that is to be triaged, and what the user does to some of it. */
  const screened = preparedOnce(server, async () => {
    const account = await newAccount();
    const add = (subject: string, ...mailboxes: readonly string[]) =>
      account.addMessage({ subject, from: ANN, mailboxes: ['Screener', ...mailboxes] });
    await add('labelled', '@ToFeed');
    await add('backlog');
    const thrown = await add('labelled, thrown away', '@ToFeed');
    const trashed = await add('thrown away');
    const archived = await add('archived');
    const destroyed = await add('destroyed');
    const marked = await add('marked');
    const meanwhile = async (): Promise<void> => {
      await account.moveMessage(thrown, 'Trash');
      await account.moveMessage(trashed, 'Trash');
      await account.moveMessage(archived, 'Archive');
      await account.destroyMessage(destroyed);
      await account.labelMessage(marked, 'Mine');
    };
    return { ...account, meanwhile };
  });

  it('stands, at whichever request of a cycle it happens', async () => {
    const expected = {
      labelled: 'Feed',
      backlog: 'Feed',
      'labelled, thrown away': 'Trash',
      'thrown away': 'Trash',
      archived: 'Archive',
      marked: 'Feed,Mine',
    };
    let places = 0;
    for (let happened = true; happened; places += 1) {
      const { meanwhile, ...account } = await screened();
      happened = false;
      let seen = 0;
      await runWhile(
        account,
        () => seen++ === places,
        async () => {
          happened = true;
          await meanwhile();
        },
        { run: runHere },
      );
      if (happened) expect([places, await placesIn(account)]).toEqual([places, expected]);
    }
    expect(places).toBeGreaterThan(15);
  }, 240_000);

  it('stands on a re-triage, and takes Mailroom’s labels off what was thrown away with them', async () => {
    const account = await newAccount();
    const filed = await account.addMessage({ subject: 'filed', from: ANN, mailboxes: ['Feed'] });
    const labelled = await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Feed', '@ToJail'] });
    await account.addMessage({ subject: 'backlog', from: ANN, mailboxes: ['Screener'] });
    await server().index(account.account);
    await runWhile(account, IS_FILING, async () => {
      await account.moveMessage(filed, 'Archive');
      await account.moveMessage(labelled, 'Trash');
      await account.labelMessage(labelled, '@ToJail');
    });
    expect(await placesIn(account)).toEqual({ filed: 'Archive', labelled: 'Trash', backlog: 'Jail' });
  });

  it('stands where Mailroom objects: what was thrown away gets no error label', async () => {
    const account = await newAccount();
    const thrown = await account.addMessage({ subject: 'thrown', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    await account.addMessage({ subject: 'other', from: ANN, mailboxes: ['Screener', '@ToJail'] });
    await runWhile(account, IS_FILING, () => account.moveMessage(thrown, 'Trash'));
    expect(await placesIn(account)).toEqual({ thrown: 'Trash', other: '@MailroomError,@ToJail,Screener' });
  });

  it('stands on a reset', async () => {
    const account = await newAccount();
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    const filed = await account.addMessage({ subject: 'backlog', from: ANN, mailboxes: ['Screener'] });
    await cycle(account);
    await runWhile(account, IS_FILING, () => account.moveMessage(filed, 'Archive'), {
      args: ['reset', '--apply', '--yes'],
    });
    expect(await placesIn(account)).toEqual({ labelled: 'Screener', backlog: 'Archive' });
  });

  it('costs nothing where the user does nothing, nor where mail comes in the meantime more than two requests a chunk', async () => {
    const count = async (meanwhile: (account: TestAccount) => Promise<unknown>): Promise<number> => {
      const account = await screened();
      return runWhile(
        account,
        ({ method }) => method === 'PUT',
        async () => void (await meanwhile(account)),
      );
    };
    const quiet = await count(async () => undefined);
    const busy = await count((account) => account.addMessage({ from: 'bob@x.example', mailboxes: ['Screener'] }));
    // The backlog's write is refused; then the backlog and the labelled messages are read again.
    expect(busy - quiet).toBe(3);
  });
});
