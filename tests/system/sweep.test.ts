import { accountAt, type MailServer } from '../support/account';
import { runHere } from '../support/bundle-here';
import { mailOf } from '../support/judged-account';
import { killedAfterEachWrite } from '../support/killed';
import { runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { startProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';

const HOUR = 3_600_000;

function ago(hours: number): string {
  return `${new Date(Date.now() - hours * HOUR).toISOString().slice(0, 19)}Z`;
}

/** Ann is in Feed, Bob in Imbox as a person; Carol is the user's own contact without a verdict. */
async function triagedAccount(server: MailServer): Promise<TestAccount> {
  const account = await screenedAccount(server);
  await account.putCard(
    'BEGIN:VCARD\nVERSION:3.0\nUID:carol\nFN:Carol\nN:;Carol;;;\nEMAIL:carol@sender.example\nEND:VCARD\n',
  );
  for (const [from, label] of [
    ['ann@sender.example', '@ToFeed'],
    ['bob@sender.example', '@ToPerson'],
  ] as const) {
    const id = await account.addMessage({ from, mailboxes: [label] });
    await cycle(account);
    await account.destroyMessage(id);
  }
  return account;
}

async function addSlipped(account: TestAccount): Promise<void> {
  const screened = (subject: string, from: string, hours: number) => ({
    subject,
    from,
    mailboxes: ['Screener'],
    receivedAt: ago(hours),
  });
  await account.addMessages([
    screened('ann', 'Ann <ANN@sender.example>', 1),
    screened('ann yesterday', 'ann@sender.example', 23),
    screened('ann put back', 'ann@sender.example', 30),
    screened('bob', 'bob@sender.example', 2),
    screened('carol', 'carol@sender.example', 2),
    screened('stranger', 'dan@sender.example', 2),
  ]);
}

const SWEPT = {
  ann: ['Feed'],
  'ann yesterday': ['Feed'],
  'ann put back': ['Screener'],
  bob: ['Inbox'],
  carol: ['Screener'],
  stranger: ['Screener'],
};

describeOnCyrus('What slipped past the rules, on Cyrus', (cyrus) => {
  const triaged = preparedOnce(cyrus, triagedAccount);

  it('is filed by the next cycle, and what the user put back stays', async () => {
    const account = await triaged();
    await addSlipped(account);
    const before = await account.state();
    const dry = await runMailroom(['--once', '--dry-run'], { account: account.account });
    expect(dry.records.map(({ message }) => message)).toContain(
      'Would file what slipped past the rules of ann@sender.example as Feed',
    );
    const explained = await runMailroom(['explain', 'ann@sender.example'], { account: account.account });
    expect(explained.stdout).toContain(
      'Next cycle  file what slipped past the rules: 2 messages out of Screener into Feed',
    );
    await runHere(['--once'], { account: account.account, env: { MAILROOM_SWEEP: 'false' } });
    expect(await account.state()).toBe(before);

    const summary = await cycle(account);
    expect(summary).toMatchObject({ triaged: 0, swept: 3, message: '3 filed that had slipped past the rules' });
    expect(await mailOf(account)).toEqual(SWEPT);
    const done = await account.state();
    await cycle(account);
    expect(await account.state()).toBe(done);
  });

  it('is filed by the next cycle where one is killed, after whichever write', async () => {
    const account = await triaged();
    await addSlipped(account);
    await account.addMessage({ subject: 'new', from: 'eve@sender.example', mailboxes: ['Screener', '@ToJail'] });
    const writes = await killedAfterEachWrite(cyrus(), account, ['--once'], async (answered) => {
      expect((await account.messages()).every(({ mailboxes }) => mailboxes.length > 0)).toBe(true);
      await cycle(account);
      expect({ answered, mail: await mailOf(account) }).toEqual({ answered, mail: { ...SWEPT, new: ['Jail'] } });
    });
    expect(writes).toBeGreaterThan(3);
  }, 60_000);

  it('is filed once by two cycles at once, beside a triage', async () => {
    const account = await triaged();
    await addSlipped(account);
    await account.addMessage({ subject: 'new', from: 'eve@sender.example', mailboxes: ['Screener', '@ToJail'] });
    const both = await Promise.all([runHere(['--once'], account), runHere(['--once'], account)]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(await mailOf(account)).toEqual({ ...SWEPT, new: ['Jail'] });
  });

  it('is what comes between the reading and the change of the group, too', async () => {
    const account = await screenedAccount(cyrus());
    await account.addMessage({ subject: 'first', mailboxes: ['Screener', '@ToFeed'] });
    const proxy = await startProxy(cyrus().origin);
    try {
      const arrive = () => account.addMessage({ subject: 'late', mailboxes: ['Screener'], receivedAt: ago(0) });
      proxy.fault(({ method }) => method === 'PUT', { hold: arrive }, 1);
      await runHere(['--once'], { account: accountAt(account.account, proxy.origin) });
    } finally {
      await proxy.stop();
    }
    expect(await mailOf(account)).toEqual({ first: ['Feed'], late: ['Screener'] });
    await cycle(account);
    expect(await mailOf(account)).toEqual({ first: ['Feed'], late: ['Feed'] });
  });

  it('costs nothing while the Screener is empty, one request while nothing in it is new, which it shares with the labels, and two to the contacts else', async () => {
    const account = await triaged();
    const proxy = await startProxy(cyrus().origin);
    const requests = async () => {
      proxy.forget();
      await runHere(['--once'], { account: accountAt(account.account, proxy.origin) });
      const contacts = proxy.requests.filter(({ kind }) => /^(PROPFIND|REPORT|GET|PUT)/.test(kind)).length;
      const mail = proxy.requests.filter(({ kind }) => /Email\//.test(kind)).map(({ kind }) => kind);
      return { contacts, mail };
    };
    try {
      const idle = await requests();
      expect(idle.mail).toEqual([]);
      await account.addMessage({ subject: 'old', from: 'ann@sender.example', mailboxes: ['Screener'] });
      expect(await requests()).toEqual({ contacts: idle.contacts, mail: ['Email/query Email/get'] });
      await account.addMessage({ subject: 'conflict', mailboxes: ['@ToFeed', '@ToJail'] });
      expect((await requests()).mail).toEqual(['Email/query Email/get', 'Email/set']);
      await account.destroyMessage((await account.messages()).find(({ subject }) => subject === 'conflict')?.id ?? '');
      await account.putCards(
        Array.from(
          { length: 60 },
          (_, i) => `BEGIN:VCARD\nVERSION:3.0\nUID:u${i}\nFN:U\nN:;U;;;\nTEL:+1 ${i}\nEND:VCARD\n`,
        ),
      );
      await addSlipped(account);
      expect(await requests()).toEqual({
        contacts: idle.contacts + 2,
        mail: ['Email/query Email/get', 'Email/set'],
      });
    } finally {
      await proxy.stop();
    }
  });

  it('is 300 messages of one sender, and those of 300 senders, in the requests of a few', async () => {
    const account = await triaged();
    const senders = Array.from({ length: 300 }, (_, i) => `s${i}@sender.example`);
    await account.addMessages(senders.map((from) => ({ from, mailboxes: ['@ToFeed'] })));
    await cycle(account);
    await account.addMessages(
      [...senders, ...senders.map(() => 'ann@sender.example')].map((from, i) => ({
        from,
        mailboxes: ['Screener'],
        receivedAt: ago(i % 20),
      })),
    );
    const proxy = await startProxy(cyrus().origin);
    try {
      expect(await cycle({ account: accountAt(account.account, proxy.origin) })).toMatchObject({ swept: 600 });
      const kinds = proxy.requests.map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'Email/set')).toHaveLength(2);
      // 301 senders in searches for 50 at a time, and the groups.
      expect(kinds.filter((kind) => kind.startsWith('REPORT')).length).toBeLessThan(12);
    } finally {
      await proxy.stop();
    }
    expect(new Set((await account.messages()).flatMap(({ mailboxes }) => mailboxes))).toEqual(new Set(['Feed']));
  }, 60_000);
});
