import { runHere } from '../support/bundle-here';
import { runKilledAfter } from '../support/killed';
import { runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { screenedAccount, type TestAccount } from '../support/test-account';

const HOSTILE =
  '</p><script src="https://evil.example/x.js"></script><img src=https://evil.example/i onerror=alert(1)>';

/** Runs `letter --send`, and gives what it says. */
async function send(
  { account }: TestAccount,
  { env = {}, run = runHere }: { env?: Readonly<Record<string, string>>; run?: typeof runHere } = {},
): Promise<string> {
  const { status, stdout, stderr } = await run(['letter', '--send'], { account, env });
  if (status !== 0) throw new Error(`letter ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

/** The messages that are from the user to the user. */
async function letters(account: TestAccount) {
  return (await account.messages()).filter(({ from }) => from?.[0]?.name === 'Mailroom');
}

async function waitFrom(account: TestAccount, sender: string, subject = 'Hello'): Promise<string> {
  return account.addMessage({ subject, from: sender, mailboxes: ['Screener'] });
}

describeOnCyrus('The letter', (cyrus) => {
  const screened = preparedOnce(cyrus, screenedAccount);

  it('is created unread, replaced when something has changed, left alone when not, and taken away in the end', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['Letters']);
    expect(await send(account)).toContain('no letter');
    expect(await letters(account)).toEqual([]);

    await waitFrom(account, 'Ann <ann@sender.example>', 'The first');
    expect(await send(account, { run: runMailroom })).toBe('The letter is in the mailbox.\n');
    const [first, ...none] = await letters(account);
    expect(none).toEqual([]);
    expect(first).toMatchObject({ subject: '1 sender in the Screener', mailboxes: ['Inbox'], keywords: [] });
    expect(first?.from?.[0]?.email).toBe('mailroom@localhost.invalid');
    const { text, html } = await account.contentOf(first?.id ?? '');
    for (const part of [text, html])
      expect(part).toMatch(/ann@sender\.example[\s\S]*“Ann”[\s\S]*1 message since[\s\S]*The first/);
    expect(html).not.toContain('href=');

    const before = await account.state();
    expect(await send(account)).toContain('stays as it is');
    expect(await account.state()).toBe(before);

    await waitFrom(account, 'bob@sender.example');
    await send(account, { env: { MAILROOM_LETTER_MAILBOX: 'Letters' } });
    const second = await letters(account);
    expect(second).toMatchObject([{ subject: '2 senders in the Screener', mailboxes: ['Letters'] }]);

    for (const { id, mailboxes } of await account.messages()) {
      if (mailboxes.includes('Screener')) await account.destroyMessage(id);
    }
    expect(await send(account)).toContain('1 letter before it taken away');
    expect(await letters(account)).toEqual([]);
  });

  it('is printed by default, and nothing is written', async () => {
    const account = await screened();
    await waitFrom(account, 'ann@sender.example');
    const before = await account.state();
    const { status, stdout } = await runMailroom(['letter'], { account: account.account });
    expect(status).toBe(0);
    expect(stdout).toMatch(/1 sender in the Screener[\s\S]*ann@sender\.example[\s\S]*Nothing was written/);
    expect(await account.state()).toBe(before);
  });

  it('tells the last verdicts, messages with the error label and why, and what is out of reach', async () => {
    const account = await screenedAccount(cyrus());
    await account.makeMailboxes(['@ToScreener']);
    await account.addMessage({ subject: 'n', from: 'news@shop.example', mailboxes: ['Screener', '@ToFeed'] });
    await account.addMessage({
      subject: 'torn',
      from: 'torn@x.example',
      mailboxes: ['Screener', '@ToFeed', '@ToJail'],
    });
    await cycle(account);
    await waitFrom(account, 'other@shop.example');
    await account.makeGroup({ name: 'Family' });
    const { stdout } = await runMailroom(['letter'], { account: account.account });
    const words = stdout.replace(/\s+/g, ' ');
    expect(words).toContain('news@shop.example');
    expect(words).toContain('put @ToScreener on one of the messages');
    expect(words).toContain('Perhaps Feed (@ToFeed): others of shop.example are there.');
    expect(words).toContain('“torn” torn@x.example the triage labels contradict each other (Feed, Jail)');
    expect(words).toContain('No rule reaches these contact groups: "Family"');
  });

  it('takes no message away that was delivered, whatever its headers say', async () => {
    const account = await screened();
    await waitFrom(account, 'ann@sender.example');
    await send(account);
    const raw = ['From: Evil <evil@x.example>', 'Subject: fake', 'X-Mailroom-Letter: 1', 'Message-ID: <f@x.example>'];
    await cyrus().deliver(account.account, [...raw, '', 'Hello.', ''].join('\r\n'));
    await waitFrom(account, 'bob@sender.example');
    await send(account);
    const subjects = (await account.messages()).map(({ subject }) => subject);
    expect(subjects).toContain('fake');
    expect(await letters(account)).toHaveLength(1);
  });

  it('stays under 100 KB with 500 waiting senders, and says how many more there are', async () => {
    const account = await screened();
    await account.addMessages(
      Array.from({ length: 500 }, (_, index) => ({
        subject: `${index} =?utf-8?q?${'=E6=BC=A2'.repeat(20)}?= ${HOSTILE}`,
        from: `"Sender ${index}" <sender@domain${index}.example>`,
        mailboxes: ['Screener'],
      })),
    );
    await send(account);
    const [letter] = await letters(account);
    const { text, html, size } = await account.contentOf(letter?.id ?? '');
    expect(size).toBeLessThan(100_000);
    const told = text.match(/^sender@domain\d+\.example$/gm)?.length ?? 0;
    expect(told).toBeGreaterThan(20);
    for (const part of [text, html]) expect(part).toContain(`And ${500 - told} more senders.`);
    expect(html).not.toMatch(/<(script|img)/i);
  });

  it('leaves at most one letter too many when it is killed, which the next run takes away', async () => {
    const account = await screened();
    await waitFrom(account, 'ann@sender.example');
    await send(account);
    for (const writes of [0, 1]) {
      await waitFrom(account, `bob${writes}@sender.example`);
      const { status } = await runKilledAfter(writes, ['letter', '--send'], account, cyrus().origin);
      expect(status).toBeNull();
      const left = (await letters(account)).length;
      expect([1, 2]).toContain(left);
      await send(account);
      expect(await letters(account)).toMatchObject([{ subject: `${writes + 2} senders in the Screener` }]);
    }
  });

  it('is left behind by no reset', async () => {
    const account = await screened();
    await waitFrom(account, 'ann@sender.example');
    await send(account);
    const planned = await runHere(['reset'], { account: account.account });
    expect(planned.stdout).toContain('1 letter of the Screener would be destroyed.');
    expect(await letters(account)).toHaveLength(1);
    const { status, stdout } = await runMailroom(['reset', '--apply', '--yes'], { account: account.account });
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('1 letter of the Screener was destroyed.'),
    });
    expect(await letters(account)).toEqual([]);
  });
});
