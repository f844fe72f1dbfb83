import { type Answer, type ScriptedServer, type SeenRequest, startScriptedServer } from '../http/scripted-server';
import type { Account, MailServer } from '../support/account';
import { startEmbedded } from '../support/embedded/server';
import { type MailroomOptions, type MailroomRun, runMailroom } from '../support/mailroom';
import { screenedAccount, type TestAccount } from '../support/test-account';

const KEY = '8f3c1d0e-77aa-4b52-9d0c-5f2e61aa0b17';
/** Settings that fail a cycle before any request. */
const BROKEN = { env: { MAILROOM_POLL_INTERVAL: 'often' } } as const;
const FINE: Answer = { status: 200, body: 'OK' };

describe('The ping after a cycle', () => {
  let mail: MailServer;
  let account: TestAccount;
  let watchdog: ScriptedServer;

  beforeAll(async () => {
    mail = await startEmbedded();
  });
  afterAll(() => mail.stop());
  beforeEach(async () => {
    account = await screenedAccount(mail);
    watchdog = await startScriptedServer();
    watchdog.script(() => FINE);
  });
  afterEach(() => watchdog.stop());

  /** A cycle that is watched, on the account or on what is said in its place. */
  function watched({ env, ...options }: MailroomOptions = {}, words = ['--once']): Promise<MailroomRun> {
    const url = `${watchdog.origin}/ping/${KEY}`;
    return runMailroom(words, { account: account.account, ...options, env: { MAILROOM_PING_URL: url, ...env } });
  }

  /** The account on a server that nobody can reach. */
  function gone(): Account {
    return { ...account.account, sessionUrl: 'http://127.0.0.1:1/jmap', carddavUrl: 'http://127.0.0.1:1/' };
  }

  const seen = () => watchdog.requests.map(({ method, path }) => `${method} ${path}`).sort();
  const last = () => watchdog.requests.find(({ path }) => !path.endsWith('/start')) as SeenRequest;
  const warnings = ({ records }: MailroomRun) =>
    records.filter(({ level }) => level === 'warn').map(({ message }) => message);

  it('says when a cycle begins and when it is done', async () => {
    await account.addMessage({ subject: 'news', from: 'news@sender.example', mailboxes: ['Screener', '@ToFeed'] });
    const run = await watched();
    expect([run.status, warnings(run)]).toEqual([0, []]);
    expect(seen()).toEqual([`GET /ping/${KEY}`, `GET /ping/${KEY}/start`]);
    expect(last().body).toBe('');
    expect(await account.mailboxesOf('news')).toEqual(['Feed']);
  });

  it('says of a cycle that failed why, as the ConfigMap does: without addresses and secrets', async () => {
    const { password, username } = account.account;
    const run = await watched({
      account: { ...gone(), username: 'me@example.com', carddavUrl: `http://127.0.0.1:1/${password}/me@example.com` },
    });
    expect(run.status).toBe(75);
    expect(seen()).toEqual([`GET /ping/${KEY}/start`, `POST /ping/${KEY}/fail`]);
    expect(last().body).toMatch(/^JMAP: .*connection refused/);
    for (const secret of [password, username, 'me@example.com', KEY]) expect(last().body).not.toContain(secret);
  });

  it('says of settings that do not work what is wrong with them', async () => {
    expect((await watched(BROKEN)).status).toBe(78);
    expect(last()).toMatchObject({ method: 'POST', path: `/ping/${KEY}/fail` });
    expect(last().body).toContain('MAILROOM_POLL_INTERVAL');
  });

  it('goes below the path of a URL that has a query or ends in a slash', async () => {
    await watched({ env: { MAILROOM_PING_URL: `${watchdog.origin}/ping/${KEY}/?create=1` } });
    expect(seen()).toEqual([`GET /ping/${KEY}/?create=1`, `GET /ping/${KEY}/start?create=1`].sort());
  });

  it.each([['--once', '--dry-run'], ['check'], ['queue']])('is none of %s', async (...words) => {
    expect((await watched({}, words)).status).toBe(0);
    expect(seen()).toEqual([]);
  });

  it.each<[string, (request: SeenRequest) => Answer, RegExp]>([
    ['refuses', () => ({ status: 404 }), /HTTP 404/],
    ['fails', () => ({ status: 500 }), /HTTP 500/],
    ['cuts the connection', () => ({ status: 200, body: 'OK, and more', cut: true }), /cut/],
    ['redirects', () => ({ status: 307, headers: { location: 'http://127.0.0.1:1/elsewhere' } }), /redirect/],
  ])('that %s is a warning, asked once, and changes nothing', async (_, answer, reason) => {
    watchdog.script(answer);
    const done = await watched();
    expect(done.status).toBe(0);
    expect(watchdog.requests).toHaveLength(2);
    expect(warnings(done).filter((text) => reason.test(String(text)))).toHaveLength(2);

    const failed = await watched(BROKEN);
    expect(failed.status).toBe(78);
    expect(watchdog.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
    expect(warnings(failed)).toContainEqual(expect.stringMatching(reason));
    for (const { stdout, stderr } of [done, failed]) expect(stdout + stderr).not.toContain(KEY);
  });

  it.each([301, 302, 303, 307, 308])(
    'is not sent where a redirect by %i points, and the reason neither',
    async (status) => {
      const elsewhere = await startScriptedServer();
      watchdog.script(() => ({ status, headers: { location: `${elsewhere.origin}/stolen` } }));
      await watched(BROKEN);
      expect(last()).toMatchObject({ method: 'POST' });
      expect(elsewhere.requests).toEqual([]);
      await elsewhere.stop();
    },
  );

  it('that nobody answers is a warning', async () => {
    const run = await watched({ env: { MAILROOM_PING_URL: `http://127.0.0.1:1/${KEY}` } });
    expect(run.status).toBe(0);
    expect(warnings(run).at(-1)).toMatch(/connection refused/);
    expect(run.stdout + run.stderr).not.toContain(KEY);
  });

  it('that begins a cycle is not waited for, and given up when the cycle is done', async () => {
    watchdog.script(({ path }) => (path.endsWith('/start') ? 'hang' : FINE));
    const started = performance.now();
    const run = await watched();
    expect(performance.now() - started).toBeLessThan(4_000);
    expect([run.status, warnings(run)]).toEqual([0, []]);
    expect(seen()).toEqual([`GET /ping/${KEY}`, `GET /ping/${KEY}/start`]);
  });

  it('that ends a cycle has five seconds, which are none of the cycle', async () => {
    watchdog.script(() => 'hang');
    const run = await watched();
    expect(run.status).toBe(0);
    expect(run.records.find(({ level }) => level === 'info')?.['durationMs']).toBeLessThan(4_000);
    expect(warnings(run)).toEqual([expect.stringMatching(/no answer within 5 s/)]);
  });

  it.each(['http://watchdog.example/x', 'ftp://127.0.0.1/x', 'watchdog', 'https://me:pass@watchdog.example/x'])(
    'goes nowhere over anything but https: %s',
    async (url) => {
      const run = await watched({ env: { MAILROOM_PING_URL: url } });
      expect(run.status).toBe(78);
      expect(run.stdout).toMatch(/MAILROOM_PING_URL must/);
      expect(run.stdout).not.toContain(url);
    },
  );
});
