import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../http/loopback-certificate';
import { accountAt } from '../support/account';
import { runMailroom } from '../support/mailroom';
import { describeOnCyrus } from '../support/on-cyrus';
import { startProxy } from '../support/proxy';
import { screenedAccount } from '../support/test-account';

/** Makes every host this machine: names of tests are in no DNS. */
const HOSTS = `require('node:dns').lookup = (host, options, found) =>
  options.all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4);`;

describeOnCyrus('A server that sends accounts to the host of their region', (cyrus) => {
  /** One cycle on an account whose session, and whose way to the address book, lead to that host. */
  async function cycleBy(host: string) {
    const account = await screenedAccount(cyrus());
    await account.addMessage({ subject: 'one', from: 'ann@sender.example', mailboxes: ['Screener', '@ToFeed'] });
    const proxy = await startProxy(cyrus().origin, { tls: { cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY } });
    try {
      const { port } = new URL(proxy.origin);
      const { sessionUrl, token } = account.account;
      const session = await fetch(sessionUrl, { headers: { authorization: `Bearer ${token}` } });
      const regional = { ...((await session.json()) as object), apiUrl: `https://${host}:${port}/jmap/` };
      proxy.fault(({ kind }) => kind === 'session', { answer: { status: 200, body: JSON.stringify(regional) } });
      const location = `https://${host}:${port}/dav/principals/user/${account.account.username}/`;
      proxy.fault(({ path }) => path.startsWith('/.well-known/'), { answer: { status: 301, headers: { location } } });
      const run = await runMailroom(['--once'], {
        account: accountAt(account.account, `https://api.mail.test:${port}`),
        files: { 'ca.pem': LOOPBACK_CERTIFICATE, 'hosts.cjs': HOSTS },
        nodeOptions: ['--require', './hosts.cjs'],
        env: { NODE_EXTRA_CA_CERTS: 'ca.pem' },
      });
      return { ...run, kinds: Object.keys(proxy.counts()), mailboxes: await account.mailboxesOf('one') };
    } finally {
      await proxy.stop();
    }
  }

  it('is followed there: mail and contacts are triaged', async () => {
    const { status, mailboxes, records } = await cycleBy('phl.api.mail.test');
    expect([status, mailboxes]).toEqual([0, ['Feed']]);
    expect(records.at(-1)).toMatchObject({ triaged: 1, contactsCreated: 1 });
  });

  it('is not followed to any other host, which gets no request', async () => {
    const { status, mailboxes, kinds, stdout, stderr } = await cycleBy('evilapi.mail.test');
    expect([status, mailboxes]).toEqual([78, ['@ToFeed', 'Screener']]);
    expect(kinds.sort()).toEqual(['PROPFIND', 'session']);
    expect(`${stdout}${stderr}`).toContain('MAILROOM_JMAP_SESSION_URL');
  });
});
