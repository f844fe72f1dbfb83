import { gzipSync } from 'node:zlib';
import { type Account, accountAt, type MailServer } from '../support/account';
import { type EmbeddedServer, startEmbedded } from '../support/embedded/server';
import { type MeasuredRun, runMeasured } from '../support/measured-run';
import { describeOnCyrus } from '../support/on-cyrus';
import { type ReverseProxy, startProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';

const MIB = 1024 * 1024;
/** What the container may take (deploy/40-cronjob.yaml). */
const LIMIT_MIB = 128;
/** As the container starts Node.js. */
const IN_CONTAINER = ['--max-old-space-size=76'];

async function labelled(server: MailServer, ...addresses: readonly string[]): Promise<TestAccount> {
  const account = await screenedAccount(server);
  for (const address of addresses) {
    await account.addMessage({ from: `Ann <${address}>`, subject: address, mailboxes: ['Screener', '@ToFeed'] });
  }
  return account;
}

async function cycle(account: Account): Promise<MeasuredRun> {
  const run = await runMeasured(['--once'], { account, nodeOptions: IN_CONTAINER });
  expect(run.peakRss).toBeLessThan(LIMIT_MIB);
  return run;
}

describeOnCyrus('What is larger than anybody would send in earnest', (cyrus) => {
  function contact(address: string, photoBytes: number): string {
    const folded = Buffer.alloc((photoBytes / 4) * 3, 7)
      .toString('base64')
      .replace(/.{72}/g, '$&\r\n ');
    return `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${address}\r\nFN:Ann\r\nN:;Ann;;;\r\nEMAIL:${address}\r\nPHOTO;ENCODING=b:${folded}\r\nEND:VCARD\r\n`;
  }

  it.each([5, 10])('adopts a contact of %d MB', async (size) => {
    const account = await labelled(cyrus(), 'ann@sender.example');
    await account.putCard(contact('ann@sender.example', size * MIB), 'ann.vcf');
    const { status } = await cycle(account.account);
    expect(status).toBe(0);
    expect(await account.mailboxesOf('ann@sender.example')).toEqual(['Feed']);
    const { text } = await account.contactOf('ann@sender.example');
    expect(text).toMatch(/\r\nNOTE:Mailroom /);
    expect(text.length).toBeGreaterThan(size * MIB);
  });

  it.each([
    ['NOTE', (n: number) => `NOTE:${'x'.repeat(n)}`],
    ['short lines', (n: number) => 'X-A:b\r\n'.repeat(n / 7).trimEnd()],
    ['addresses', (n: number) => 'EMAIL:x@y.example\r\n'.repeat(n / 19).trimEnd()],
  ])('names a contact of 10 MB of %s, and leaves its sender alone to the user', async (_, lines) => {
    const account = await labelled(cyrus(), 'ann@sender.example', 'bob@sender.example');
    await account.putCard(contact('ann@sender.example', 0).replace(/PHOTO.*/, lines(10 * MIB)), 'ann.vcf');
    const { status, stdout } = await cycle(account.account);
    expect(status).toBe(0);
    expect(stdout).toContain('ann.vcf');
    expect(await account.mailboxesOf('bob@sender.example')).toEqual(['Feed']);
    expect(await account.mailboxesOf('ann@sender.example')).toEqual(['@MailroomError', '@ToFeed', 'Screener']);
  });

  it('adopts four contacts of 5 MB in one cycle', async () => {
    const addresses = [1, 2, 3, 4].map((i) => `ann${i}@sender.example`);
    const account = await labelled(cyrus(), ...addresses);
    for (const address of addresses) await account.putCard(contact(address, 5 * MIB), `${address}.vcf`);
    const { status } = await cycle(account.account);
    expect(status).toBe(0);
    for (const address of addresses) expect(await account.mailboxesOf(address)).toEqual(['Feed']);
  });

  it('names a contact of 17 MB, and leaves its sender alone to the user', async () => {
    const account = await labelled(cyrus(), 'ann@sender.example', 'bob@sender.example');
    await account.putCard(contact('ann@sender.example', 17 * MIB), 'ann.vcf');
    const { status, stdout } = await cycle(account.account);
    expect(status).toBe(0);
    expect(stdout).toContain('ann.vcf');
    expect(await account.mailboxesOf('bob@sender.example')).toEqual(['Feed']);
    expect(await account.mailboxesOf('ann@sender.example')).toEqual(['@MailroomError', '@ToFeed', 'Screener']);
  });

  it('triages beside a message with 180,000 addresses in From', async () => {
    const account = await labelled(cyrus(), 'ann@sender.example');
    const addresses = Array.from({ length: 180_000 }, (_, i) => `a${i.toString(36)}@b.c`);
    // A header has no more than 1,000 lines on Cyrus.
    const lines = Array.from({ length: 900 }, (_, i) => addresses.slice(i * 200, (i + 1) * 200).join());
    await account.addMessage({ from: lines.join(',\r\n '), subject: 'hostile', mailboxes: ['Screener'] });
    const { status } = await cycle(account.account);
    expect(status).toBe(0);
    const messages = await account.messages();
    expect(messages).toHaveLength(2);
    expect(Object.fromEntries(messages.map(({ subject, mailboxes }) => [subject, mailboxes]))).toEqual({
      'ann@sender.example': ['Feed'],
      hostile: ['Screener'],
    });
  });
});

/** Nothing of the server behind the proxy is in these answers. */
describe('An answer that is larger than any server would send in earnest', () => {
  let server: EmbeddedServer;
  let proxy: ReverseProxy;
  let bomb: Buffer;
  beforeAll(async () => {
    // A file of gzip is any number of members (RFC 1952, section 2.2).
    bomb = Buffer.concat(Array(50).fill(gzipSync(Buffer.alloc(10 * MIB))));
    server = await startEmbedded();
    proxy = await startProxy(server.origin);
  });
  afterEach(() => proxy.forget());
  afterAll(async () => {
    await proxy.stop();
    await server.stop();
  });

  const hostile: readonly (readonly [string, () => { headers?: Record<string, string>; body: string | Buffer }])[] = [
    ['a comment of 50 MB', () => ({ body: `<multistatus xmlns="DAV:"><!--${'x'.repeat(50 * MIB)}--></multistatus>` })],
    [
      '15 MB of small elements',
      () => ({ body: `<multistatus xmlns="DAV:"><response>${'<a/>'.repeat(4 * MIB - 100)}</response></multistatus>` }),
    ],
    [
      '15 MB of text in an element',
      () => ({
        body: `<multistatus xmlns="DAV:"><response><href>${'x'.repeat(15 * MIB)}</href></response></multistatus>`,
      }),
    ],
  ];
  it.each(hostile)('ends a cycle that the address book answers with %s', async (_, answer) => {
    const account = await labelled(server, 'ann@sender.example');
    proxy.fault(({ kind }) => kind.startsWith('REPORT'), { answer: { status: 207, ...answer() } as never }, 100);
    const { status } = await cycle(accountAt(account.account, proxy.origin));
    expect(status).toBe(75);
  });

  it.each([
    ['session', 'lists in lists', () => '['.repeat(15 * MIB)],
    ['Email/query', 'empty objects', () => `{"methodResponses":[${'{},'.repeat(1.3 * MIB)}{}]}`],
    ['Email/query', 'members', () => `{${Array.from({ length: 390_000 }, (_, i) => `"${i.toString(36)}":1`).join()}}`],
  ])('ends a cycle whose %s is answered with megabytes of %s', async (kind, _, body) => {
    const account = await labelled(server, 'ann@sender.example');
    proxy.fault((request) => request.kind.startsWith(kind), { answer: { status: 200, body: body() } as never }, 100);
    const { status } = await cycle(accountAt(account.account, proxy.origin));
    expect(status).toBe(75);
  });

  it.each(['REPORT', 'session', 'Email/query'])('ends a cycle that is answered with a gzip bomb: %s', async (kind) => {
    const account = await labelled(server, 'ann@sender.example');
    proxy.fault(
      (request) => request.kind.startsWith(kind),
      {
        answer: { status: kind === 'REPORT' ? 207 : 200, headers: { 'content-encoding': 'gzip' }, body: bomb } as never,
      },
      100,
    );
    const { status } = await cycle(accountAt(account.account, proxy.origin));
    expect(status).toBe(75);
  });
});
