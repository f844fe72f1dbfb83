import { runHere } from '../support/bundle-here';
import { PROGRAM, runMailroom } from '../support/mailroom';
import { describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { screenedAccount, type TestAccount } from '../support/test-account';

/** What a pod has. */
const POD_BYTES = 128 * 2 ** 20;

/** Says on stderr how much memory the process had at most. */
const TELL_PEAK = ['--require', './tell-peak.cjs'];
const TELL_PEAK_FILE = {
  'tell-peak.cjs':
    "process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + ' KB\\n'));",
};

interface Waiting {
  readonly sender: string;
  readonly domain: string | null;
  readonly name: string | null;
  readonly messages: number;
  readonly subject: string;
}

async function queueOf({ account }: TestAccount): Promise<readonly Waiting[]> {
  const { status, stdout, stderr } = await runHere(['queue', '--json'], { account });
  if (status !== 0) throw new Error(`queue ended with ${status}: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

/** Counted without Mailroom: sender → number of messages in the Screener. */
async function countOf(account: TestAccount): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { from, mailboxes } of await account.messages()) {
    const sender = from?.[0]?.email.toLowerCase();
    if (sender !== undefined && mailboxes.includes('Screener')) counts[sender] = (counts[sender] ?? 0) + 1;
  }
  return counts;
}

function raw(headers: readonly string[]): Buffer {
  return Buffer.from([...headers, 'Date: Thu, 15 Jan 2026 09:00:00 +0000', '', 'Hello.', ''].join('\r\n'));
}

describeOnCyrus('The queue', (cyrus) => {
  const screened = preparedOnce(cyrus, screenedAccount);

  it('agrees with an independent count, and counts nothing outside the Screener', async () => {
    const account = await screened();
    const senders = ['ann@sender.example', 'BOB@sender.example', 'bob@sender.example', 'joann@sender.example'];
    await account.addMessages(
      Array.from({ length: 60 }, (_, index) => ({
        subject: `number ${index}`,
        from: `Somebody <${senders[(index * 7) % 4]}>`,
        mailboxes: [['Screener'], ['Screener', '@ToFeed'], ['Inbox'], ['Feed']][index % 3] as string[],
      })),
    );
    const counts = await countOf(account);
    const queue = await queueOf(account);
    expect(Object.fromEntries(queue.map(({ sender, messages }) => [sender, messages]))).toEqual(counts);
    expect(Object.keys(counts)).toHaveLength(3);
    expect((await runMailroom(['queue', '--count'], { account: account.account })).stdout).toBe('3\n');
  });

  it('tells name, days, subject, lists, no-reply addresses and names that are known, whoever wrote last first', async () => {
    const account = await screened();
    await account.putCard(
      'BEGIN:VCARD\nVERSION:3.0\nUID:ann-at-work\nFN:Ann\nN:;Ann;;;\nEMAIL:ann@work.example\nEND:VCARD\n',
    );
    await account.addMessages([
      {
        subject: 'first',
        from: 'Ann <ann@sender.example>',
        mailboxes: ['Screener'],
        receivedAt: '2026-01-01T08:00:00Z',
      },
      {
        subject: 'last',
        from: 'ANN <ann@sender.example>',
        mailboxes: ['Screener'],
        receivedAt: '2026-01-09T08:00:00Z',
      },
      { subject: 'order', from: 'no-reply@shop.example', mailboxes: ['Screener'], receivedAt: '2026-01-05T08:00:00Z' },
    ]);
    const newsletter = [
      'From: News <news@list.example>',
      'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
      'Message-ID: <1@list.example>',
    ];
    await account.importMessage(raw([...newsletter, 'List-Id: <news.list.example>']), ['Screener']);
    const advert = [
      'From: ads@list.example',
      'Message-ID: <2@list.example>',
      'List-Unsubscribe: <https://list.example/>',
    ];
    await account.importMessage(raw(advert), ['Screener']);
    const queue = await queueOf(account);
    expect(queue).toHaveLength(4);
    expect(queue.filter(({ sender }) => sender.endsWith('@list.example'))).toEqual([
      expect.objectContaining({ sender: expect.any(String), list: true, noReply: false, knownAs: [] }),
      expect.objectContaining({ sender: expect.any(String), list: true, noReply: false, knownAs: [] }),
    ]);
    expect(queue).toContainEqual(
      expect.objectContaining({ sender: 'news@list.example', name: 'News', subject: 'Grüße' }),
    );
    expect(queue.filter(({ sender }) => !sender.endsWith('@list.example'))).toEqual([
      {
        sender: 'ann@sender.example',
        domain: 'sender.example',
        name: 'ANN',
        severalNames: false,
        messages: 2,
        oldest: '2026-01-01T08:00:00Z',
        newest: '2026-01-09T08:00:00Z',
        subject: 'last',
        newestId: expect.any(String),
        list: false,
        noReply: false,
        knownAs: ['ann@work.example'],
        cautions: [{ kind: 'known name', addresses: ['ann@work.example'] }],
      },
      {
        sender: 'no-reply@shop.example',
        domain: 'shop.example',
        name: null,
        severalNames: false,
        messages: 1,
        oldest: '2026-01-05T08:00:00Z',
        newest: '2026-01-05T08:00:00Z',
        subject: 'order',
        newestId: expect.any(String),
        list: false,
        noReply: true,
        knownAs: [],
        cautions: [],
      },
    ]);
  });

  it('puts three senders of one domain below it, but not of a domain that strangers share', async () => {
    const account = await screened();
    const at = (minute: number) => `2026-01-09T08:0${minute}:00Z`;
    for (const [from, minute] of [
      ['Ann <ann@shop.example>', 0],
      ['x@other.example', 1],
      ['Ben <ben@shop.example>', 2],
      ['Cy <cy@SHOP.example>', 3],
      ['a@gmail.com', 4],
      ['b@gmail.com', 5],
      ['c@gmail.com', 6],
    ] as const)
      await account.addMessage({ subject: from, from, mailboxes: ['Screener'], receivedAt: at(minute) });
    const { stdout } = await runMailroom(['queue'], { account: account.account });
    expect(stdout.split('\n').map((line) => line.slice(0, 18).trimEnd())).toEqual([
      'SENDER',
      'c@gmail.com',
      'b@gmail.com',
      'a@gmail.com',
      'shop.example',
      '  cy@shop.example',
      '  ben@shop.example',
      '  ann@shop.example',
      'x@other.example',
      '',
      '7 senders wait wit',
      '',
    ]);
    expect(stdout).toMatch(/^shop\.example +3 senders +3 {2}2026-01-09/m);
    const queue = await queueOf(account);
    expect(queue.map(({ sender, domain }) => [sender, domain])).toEqual([
      ['c@gmail.com', null],
      ['b@gmail.com', null],
      ['a@gmail.com', null],
      ['cy@shop.example', 'shop.example'],
      ['ben@shop.example', 'shop.example'],
      ['x@other.example', 'other.example'],
      ['ann@shop.example', 'shop.example'],
    ]);
  });

  it('says of whom one should look at twice, as a cycle would', async () => {
    const account = await screened();
    const card = (uid: string, name: string, email: string) =>
      account.putCard(`BEGIN:VCARD\nVERSION:3.0\nUID:${uid}\nFN:${name}\nN:;;;;\nEMAIL:${email}\nEND:VCARD\n`);
    await card('eve', 'Eve Boss', 'eve@firm.example');
    await card('news', 'News', 'news@paper.example');
    await account.addMember('Imbox', 'eve');
    await account.addMember('Feed', 'news');
    const results = 'Authentication-Results: mx.example; dmarc=fail';
    await account.importMessage(raw([results, 'From: x@bank.example', 'Message-ID: <1@bank.example>']), ['Screener']);
    for (const from of ['"eve@firm.example" <a@stranger.example>', 'Pay <pay@firn.example>', 'p@papers.example'])
      await account.addMessage({ subject: from, from, mailboxes: ['Screener'] });
    for (const name of ['Eve Boss', 'Ben'])
      await account.addMessage({ subject: name, from: `${name} <relay@forum.example>`, mailboxes: ['Screener'] });
    const env = { MAILROOM_AUTHSERV_ID: 'mx.example' };
    const { stdout } = await runMailroom(['queue', '--json'], { account: account.account, env });
    const entries = JSON.parse(stdout) as readonly { sender: string; cautions: readonly object[] }[];
    expect(Object.fromEntries(entries.map(({ sender, cautions }) => [sender, cautions]))).toEqual({
      'a@stranger.example': [{ kind: 'address in name', address: 'eve@firm.example' }],
      'pay@firn.example': [{ kind: 'look-alike domain', domain: 'firm.example' }],
      'p@papers.example': [],
      'relay@forum.example': [],
      'x@bank.example': [{ kind: 'dmarc=fail' }],
    });
    const text = (await runMailroom(['queue'], { account: account.account, env })).stdout;
    expect(text).toContain('its name holds another address, eve@firm.example');
    expect(text).toContain('its domain looks like firm.example');
    expect(text).toContain('(dmarc=fail)');
  });

  it('shows a terminal what senders wrote without obeying it, and in JSON the same text', async () => {
    const account = await screened();
    const hostile = '=?utf-8?q?a=1B[2Jb=E2=80=AEc=C2=9Bd?=';
    await account.addMessage({ subject: 'x', from: `${hostile} <ann@sender.example>`, mailboxes: ['Screener'] });
    const { stdout } = await runMailroom(['queue'], { account: account.account });
    expect(stdout).toContain('ann@sender.example');
    const json = (await runMailroom(['queue', '--json'], { account: account.account })).stdout;
    for (const text of [stdout, json]) expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(JSON.parse(json)).toMatchObject([{ name: expect.stringContaining('\u202e') }]);
  });

  it('shows whole and first the address behind a name that holds another one', async () => {
    const account = await screened();
    const name = '"PayPal Service <service@paypal.example> via our trusted partners"';
    await account.addMessage({ subject: 'x', from: `${name} <evil3@attacker.example>`, mailboxes: ['Screener'] });
    const { stdout } = await runMailroom(['queue'], { account: account.account });
    expect(stdout).toMatch(/^evil3@attacker\.example {2}PayPal Service <service@pay/m);
  });

  it('is empty where nobody waits, and writes nothing', async () => {
    const account = await screened();
    await account.addMessage({ from: null, mailboxes: ['Screener'] });
    await account.addMessage({ from: 'a@x.example, b@y.example', mailboxes: ['Screener'] });
    const before = await account.state();
    expect((await runMailroom(['queue', '--count'], { account: account.account })).stdout).toBe('0\n');
    expect((await runMailroom(['queue', '--json'], { account: account.account })).stdout).toBe('[]\n');
    expect((await runMailroom(['queue'], { account: account.account })).stdout).toBe(
      'Nobody waits in the Screener.\nBesides: 1 message without a usable From address.\nBesides: 1 message with several From addresses.\n',
    );
    expect(await account.state()).toBe(before);
  });

  it('reads ten thousand messages within the memory of a pod', async () => {
    const account = await screened();
    await account.addMessages(
      Array.from({ length: 10_000 }, (_, index) => ({
        subject: `Issue ${index} of a newsletter with a subject of the usual length`,
        from: `Sender Number ${index % 2_500} <sender${index % 2_500}@newsletters.example>`,
        mailboxes: ['Screener'],
      })),
    );
    const run = await runMailroom(['queue', '--json'], {
      account: account.account,
      nodeOptions: TELL_PEAK,
      files: TELL_PEAK_FILE,
    });
    const queue = JSON.parse(run.stdout) as readonly Waiting[];
    expect(queue).toHaveLength(2_500);
    expect(queue.every(({ messages }) => messages === 4)).toBe(true);
    expect(peakOf(run.stderr)).toBeLessThan(POD_BYTES);
  }, 120_000);

  it('says what is missing when there is no Screener', async () => {
    const account = await cyrus().addUser();
    const { status, stderr } = await runMailroom(['queue'], { account });
    expect(status).toBe(78);
    expect(stderr).toContain('no mailbox "Screener"');
  });
});

/** Bytes. */
function peakOf(stderr: string): number {
  return Number(/^peak (\d+) KB$/m.exec(stderr)?.[1]) * 1024;
}

describe('The command line of queue', () => {
  it.each([
    [['queue', 'ann@sender.example']],
    [['queue', '--apply']],
    [['queue', '--rules', '--json']],
    [['queue', '--everything']],
  ])('refuses %j with a usage line', async (args) => {
    const { status, stdout, stderr } = await runMailroom(args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain(`Usage: ${PROGRAM} queue [--count] [--json]`);
  });
});
