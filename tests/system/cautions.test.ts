import { accountAt } from '../support/account';
import { runHere } from '../support/bundle-here';
import { mailOf } from '../support/judged-account';
import { killedAfterEachWrite } from '../support/killed';
import { runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { startProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';

const BOSS = 'Eve Boss <eve@firm.example>';

/** Triages a new message of the sender by a cycle, and gives what the log says of it. */
async function triage(
  account: TestAccount,
  from: string,
  {
    label = '@ToImbox',
    env = {},
    subject = from,
  }: { label?: string; env?: Record<string, string>; subject?: string } = {},
) {
  await account.addMessage({ subject, from, mailboxes: ['Screener', label] });
  const { status, records } = await runHere(['--once'], { account: account.account, env });
  expect(status).toBe(0);
  return records.find(({ message }) => message === 'Triaged');
}

async function userCard(account: TestAccount, uid: string, name: string, email: string): Promise<void> {
  await account.putCard(`BEGIN:VCARD\nVERSION:3.0\nUID:${uid}\nFN:${name}\nN:;;;;\nEMAIL:${email}\nEND:VCARD\n`);
}

describeOnCyrus('A sender that is let in, on Cyrus', (cyrus) => {
  const screened = preparedOnce(cyrus, screenedAccount);

  it('by the name of another contact is warned of, and by that of a relay is not', async () => {
    const account = await screened();
    await userCard(account, 'eve', 'Eve Boss', 'eve@firm.example');
    const record = await triage(account, '"EVE BOSS" <eve@stranger.example>', { subject: 'stranger' });
    expect(record).toMatchObject({ warned: true, cautions: ['known name'] });
    expect(await account.mailboxesOf('stranger')).toEqual(['@MailroomWarning', 'Inbox']);

    await account.addMessage({ subject: 'other name', from: 'Ben <relay@forum.example>', mailboxes: ['Screener'] });
    expect(await triage(account, 'Eve Boss <relay@forum.example>', { subject: 'relayed' })).not.toHaveProperty(
      'warned',
    );
    expect(await account.mailboxesOf('relayed')).toEqual(['Inbox']);
  });

  it('with another address in its name is warned of, as a person too, and in Feed is not', async () => {
    const account = await screened();
    const from = (local: string) => `"eve@firm.example" <${local}@stranger.example>`;
    expect(await triage(account, from('a'), { label: '@ToPerson' })).toMatchObject({ cautions: ['address in name'] });
    expect(await triage(account, from('b'), { label: '@ToFeed' })).not.toHaveProperty('warned');
  });

  it('from a look-alike of a domain in the same groups is warned of: new, in a plan, again and after another verdict', async () => {
    const account = await screened();
    expect(await triage(account, BOSS)).not.toHaveProperty('warned');
    await account.addMessage({ subject: 'x', from: 'Shop <x@fima.example>', mailboxes: ['Screener'] });
    await account.addMessage({
      subject: 'look-alike',
      from: 'Pay <pay@firn.example>',
      mailboxes: ['Screener', '@ToImbox'],
    });

    const before = await account.state();
    const dry = await runMailroom(['--once', '--dry-run'], { account: account.account });
    expect(dry.records).toContainEqual(
      expect.objectContaining({ message: 'Would triage pay@firn.example to Imbox', cautions: ['look-alike domain'] }),
    );
    const explained = await runMailroom(['explain', 'pay@firn.example'], { account: account.account });
    expect(explained.stdout.replace(/\s+/g, ' ')).toContain('warn that its domain looks like firm.example');
    expect(await account.state()).toBe(before);

    expect(await cycle(account)).toMatchObject({ triaged: 1, warned: 1 });
    expect(await account.mailboxesOf('look-alike')).toEqual(['@MailroomWarning', 'Inbox']);
    // Mailroom's own contact, which it has now, is no reason to trust it.
    expect(await triage(account, 'Pay <pay@firn.example>', { subject: 'again' })).toMatchObject({ warned: true });
    expect(await triage(account, 'Pay <pay@firn.example>', { label: '@ToJail' })).not.toHaveProperty('warned');
    const person = await triage(account, 'Pay <pay@firn.example>', { label: '@ToPerson', subject: 'person' });
    expect(person).toMatchObject({ from: 'Jail', cautions: ['look-alike domain'] });
  });

  it('from a domain that looks like one of other groups is not warned of, nor one that the user knows', async () => {
    const account = await screened();
    await triage(account, 'News <news@paper.example>', { label: '@ToFeed' });
    expect(await triage(account, 'Post <post@papers.example>')).not.toHaveProperty('warned');
    await userCard(account, 'pape', 'Pape', 'pape@pape.example');
    expect(await triage(account, 'Pape <pape@pape.example>')).not.toHaveProperty('warned');
  });

  it('from an international domain is warned of, with the domain that it looks like', async () => {
    const account = await screened();
    await triage(account, 'Pay <service@paypal.example>');
    // With a Cyrillic a.
    const record = await triage(account, 'Pay <service@xn--pypal-4ve.example>', { subject: 'cyrillic' });
    expect(record).toMatchObject({ cautions: ['known name', 'look-alike domain', 'international domain'] });
    expect(await account.mailboxesOf('cyrillic')).toEqual(['@MailroomWarning', 'Inbox']);
  });

  describe('whose domain has not sent the message, as the mail server says,', () => {
    const env = { MAILROOM_AUTHSERV_ID: 'mx1.example.org, mx2.example.org' };
    const results = (...values: readonly string[]) => values.map((value) => `Authentication-Results: ${value}`);

    it.each([
      [
        'is warned of',
        results('mx2.example.org; spf=pass;\r\n\tdmarc=fail (p=none) header.from=shop.example'),
        env,
        true,
      ],
      ['is not where the topmost header says so of another server', results('mx.evil.example; dmarc=fail'), env, false],
      [
        'is not where a header below says so, which the sender may have written',
        results('mx1.example.org; dmarc=pass', 'mx1.example.org; dmarc=fail'),
        env,
        false,
      ],
      ['is not without the setting', results('mx1.example.org; dmarc=fail'), {}, false],
    ] as const)('%s', async (_, fields, settings, isWarned) => {
      const account = await screened();
      const raw = [
        ...fields,
        'From: Shop <post@shop.example>',
        'Subject: mail',
        'Message-ID: <1@shop.example>',
        '',
        'x',
        '',
      ];
      await account.importMessage(Buffer.from(raw.join('\r\n')), ['Screener', '@ToImbox']);
      const proxy = await startProxy(cyrus().origin);
      const at = accountAt(account.account, proxy.origin);
      const { records } = await runHere(['--once'], { account: at, env: settings });
      const asked = proxy.requests.filter(({ body }) => body.includes('Authentication-Results'));
      await proxy.stop();
      expect(records.find(({ message }) => message === 'Triaged')?.['cautions']).toEqual(
        isWarned ? ['dmarc=fail'] : undefined,
      );
      expect(await account.mailboxesOf('mail')).toEqual(isWarned ? ['@MailroomWarning', 'Inbox'] : ['Inbox']);
      expect(asked).toHaveLength(settings === env ? 1 : 0);
    });
  });

  it('is warned of all the same where the cycle is killed after any of its writes', async () => {
    const account = await screened();
    await userCard(account, 'eve', 'Eve Boss', 'eve@firm.example');
    await account.addMember('Imbox', 'eve');
    const from = 'Eve Boss <eve@firn.example>';
    await account.addMessage({ subject: 'older', from, mailboxes: ['Screener'] });
    await account.addMessage({ subject: 'labelled', from, mailboxes: ['Screener', '@ToImbox'] });
    const writes = await killedAfterEachWrite(cyrus(), account, ['--once'], async (answered) => {
      await cycle(account);
      const mail = await mailOf(account);
      expect({ answered, mail }).toEqual({
        answered,
        mail: { labelled: ['@MailroomWarning', 'Inbox'], older: ['Inbox'] },
      });
    });
    expect(writes).toBeGreaterThan(2);
  }, 120_000);

  it('is warned of among 300, by two cycles at once as by one, with few requests more than for Feed', async () => {
    const account = await screened();
    await userCard(account, 'eve', 'Eve Boss', 'eve@firm.example');
    await account.addMember('Imbox', 'eve');
    // Names of domains that differ from each other by three letters at least.
    const label = (index: number) => Array.from(`${index + 100}`, (digit) => 'abcdefghij'[Number(digit)]).join('');
    const senders = Array.from({ length: 300 }, (_, index) =>
      index === 150 ? 'Eve Boss <eve@firn.example>' : `Sender ${index} <post@${label(index).repeat(3)}.example>`,
    );
    await account.addMessages(senders.map((from) => ({ subject: from, from, mailboxes: ['Screener', '@ToImbox'] })));
    const proxy = await startProxy(cyrus().origin);
    const at = accountAt(account.account, proxy.origin);
    const dry = await runMailroom(['--once', '--dry-run'], { account: at });
    const queries = proxy.counts()['REPORT addressbook-query'] ?? 0;
    await proxy.stop();
    expect(dry.records.filter(({ cautions }) => cautions !== undefined)).toHaveLength(1);
    // Groups, addresses, cards without an address; and names and two parts of domains, by 50.
    expect(queries).toBeLessThanOrEqual(2 + 300 / 50 + (3 * 300) / 50 + 2);
    const cycles = await Promise.all([0, 1].map(() => runHere(['--once'], account)));
    await cycle(account);
    expect(cycles.map(({ status }) => status)).toEqual([0, 0]);
    const warned = (await account.messages()).filter(({ mailboxes }) => mailboxes.includes('@MailroomWarning'));
    expect(warned.map(({ subject }) => subject)).toEqual(['Eve Boss <eve@firn.example>']);
  }, 120_000);

  it('is not warned of, and nothing more is asked, where warnings are off', async () => {
    const account = await screened();
    await userCard(account, 'eve', 'Eve Boss', 'eve@firm.example');
    const env = { MAILROOM_WARNINGS_ENABLED: 'false' };
    expect(await triage(account, 'Eve Boss <eve@stranger.example>', { env, subject: 'off' })).not.toHaveProperty(
      'warned',
    );
    expect(await account.mailboxesOf('off')).toEqual(['Inbox']);
  });
});
