import { createServer, type Server } from 'node:net';
import type { Account } from '../support/account';
import { accountAt } from '../support/account';
import { type MailroomOptions, type MailroomRun, PROGRAM, runMailroom, settingsOf } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { type ReverseProxy, startProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';

const ANN = 'Ann <ann@sender.example>';

/** One clear line, no stack trace, no secret at the most talkative log level. */
function expectClearLine(run: MailroomRun, account: Account | undefined): string {
  const errors = run.records.filter(({ level }) => level === 'error');
  expect(errors).toHaveLength(1);
  const output = run.stdout + run.stderr;
  expect(run.stderr).toBe('');
  if (account !== undefined) {
    const basic = Buffer.from(`${account.username}:${account.password}`).toString('base64');
    for (const secret of [account.token, account.password, basic]) expect(output).not.toContain(secret);
  }
  const message = String(errors[0]?.['message']);
  expect(message).not.toMatch(/\n|at .*\(.*:\d+:\d+\)/);
  return message;
}

describeOnCyrus('A cycle that fails', (cyrus) => {
  async function triageable(): Promise<TestAccount> {
    const account = await screenedAccount(cyrus());
    await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
    return account;
  }

  /** Runs a cycle that must fail and must write nothing. */
  async function fails(
    account: TestAccount,
    options: MailroomOptions,
  ): Promise<{ status: number | null; line: string }> {
    const before = await account.state();
    const run = await runMailroom(['--once'], { account: account.account, ...options });
    expect(await account.state()).toBe(before);
    return { status: run.status, line: expectClearLine(run, account.account) };
  }

  let silent: Server;
  let hanging: Promise<readonly { readonly status: number | null; readonly line: string }[]>;

  // Begun first and looked at last: its time-outs pass while the other tests run.
  beforeAll(async () => {
    silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as { readonly port: number }).port}/`;
    const settings = ['MAILROOM_JMAP_SESSION_URL', 'MAILROOM_CARDDAV_URL'];
    hanging = Promise.all(settings.map(async (name) => fails(await triageable(), { env: { [name]: url } })));
    hanging.catch(() => undefined);
  });

  afterAll(() => close(silent));

  describe('before it starts', () => {
    it('names a wrong token, where to make a new one, and exits 78', async () => {
      const account = await triageable();
      const { status, line } = await fails(account, { env: { MAILROOM_JMAP_TOKEN: 'wrong-token-of-mine' } });
      expect(status).toBe(78);
      expect(line).toMatch(/MAILROOM_JMAP_TOKEN.*Settings → Privacy & Security/);
      expect(line).not.toContain('wrong-token-of-mine');
    });

    it('names a wrong password, where to make a new one, and exits 78', async () => {
      const account = await triageable();
      const { status, line } = await fails(account, { env: { MAILROOM_CARDDAV_PASSWORD: 'wrong-password-of-mine' } });
      expect(status).toBe(78);
      expect(line).toMatch(/MAILROOM_CARDDAV_PASSWORD.*app password/);
      expect(line).not.toContain('wrong-password-of-mine');
    });

    it('names both where both are wrong', async () => {
      const account = await triageable();
      const env = { MAILROOM_CARDDAV_PASSWORD: 'wrong-password', MAILROOM_JMAP_TOKEN: 'wrong-token' };
      const { status, line } = await fails(account, { env });
      expect([status, /MAILROOM_JMAP_TOKEN/.test(line), /MAILROOM_CARDDAV_PASSWORD/.test(line)]).toEqual([
        78,
        true,
        true,
      ]);
    });

    it('names all settings that are missing or wrong, and exits 78', async () => {
      const { status, records } = await runMailroom(['--once'], {
        env: { MAILROOM_POLL_INTERVAL: '12abc', MAILROOM_JMAP_SESSION_URL: 'http://mail.example/jmap' },
      });
      expect(status).toBe(78);
      for (const name of [
        'MAILROOM_JMAP_TOKEN',
        'MAILROOM_CARDDAV_USERNAME',
        'MAILROOM_CARDDAV_PASSWORD',
        'MAILROOM_POLL_INTERVAL',
        'MAILROOM_JMAP_SESSION_URL',
      ]) {
        expect(records.at(-1)?.['message']).toContain(name);
      }
    });

    it('names every missing mailbox and group in one line with the command that makes them, and exits 78', async () => {
      const account = await triageable();
      const { status, line } = await fails(account, {
        env: {
          MAILROOM_SCREENER_MAILBOX: 'Lobby',
          MAILROOM_LABEL_TO_JAIL: '@Jail',
          MAILROOM_GROUP_JAIL: 'Dungeon',
          MAILROOM_GROUP_FEED: 'News',
        },
      });
      expect(status).toBe(78);
      expect(line).toBe(
        `Missing: the mailboxes "Lobby", "@Jail" and the contact groups "News", "Dungeon". \`${PROGRAM} setup --apply\` creates what is missing.`,
      );
    });

    it('reads .env in the current folder, which never overrides what is set', async () => {
      const account = await triageable();
      const { status } = await runMailroom(['--once'], {
        env: { ...settingsOf(account.account), MAILROOM_CARDDAV_PASSWORD: '' },
        files: { '.env': `MAILROOM_CARDDAV_PASSWORD=${account.account.password}\nMAILROOM_JMAP_TOKEN=wrong\n` },
      });
      expect(status).toBe(0);
      expect(await account.mailboxesOf('labelled')).toEqual(['Feed']);
    });

    it('says so where .env is no file', async () => {
      const { status, line } = await fails(await triageable(), { files: { '.env/inside': '' } });
      expect([status, line]).toEqual([
        78,
        expect.stringMatching(/^\.env in the current folder cannot be read: EISDIR/),
      ]);
    });

    it.each(['MAILROOM_JMAP_SESSION_URL', 'MAILROOM_CARDDAV_URL'])(
      'with a host that refuses exits 75 (%s)',
      async (name) => {
        const account = await triageable();
        const { status, line } = await fails(account, { env: { [name]: 'http://127.0.0.1:9/' } });
        expect(status).toBe(75);
        expect(line).toMatch(/127\.0\.0\.1:9.*(refuse|ECONNREFUSED)/i);
      },
    );

    it('does not send credentials to another origin', async () => {
      const account = await triageable();
      const other = await startProxy(cyrus().origin);
      const proxy = await startProxy(cyrus().origin);
      try {
        const location = `${other.origin}/jmap/`;
        proxy.fault(({ kind }) => kind === 'session', { answer: { status: 307, headers: { location } } });
        const { status, line } = await fails(account, { account: accountAt(account.account, proxy.origin) });
        expect(status).toBe(78);
        expect(line).toContain('MAILROOM_JMAP_SESSION_URL');
        expect(other.requests).toEqual([]);
      } finally {
        await Promise.all([proxy.stop(), other.stop()]);
      }
    });
  });

  describe('in its requests', () => {
    let proxy: ReverseProxy;
    beforeAll(async () => {
      proxy = await startProxy(cyrus().origin);
    });
    beforeEach(() => proxy.forget());
    afterAll(() => proxy?.stop());

    it.each([
      ['a 503', { answer: { status: 503 } }],
      ['a 429 with Retry-After', { answer: { status: 429, headers: { 'retry-after': '0' } } }],
      ['a connection that breaks before the request', { drop: 'before' }],
      ['a connection that breaks after the work', { drop: 'after' }],
      ['an answer that is cut off', { drop: 'mid-body' }],
    ] as const)(
      'repeats every kind of request after %s',
      async (_, fault) => {
        const account = await screenedAccount(cyrus());
        await account.addMessage({ subject: 'labelled', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
        const kinds = new Set<string>();
        proxy.fault(
          ({ method, kind }) => {
            const first = !kinds.has(`${method} ${kind}`);
            kinds.add(`${method} ${kind}`);
            return first;
          },
          fault,
          100,
        );
        await cycle({ account: accountAt(account.account, proxy.origin) });
        expect(kinds.size).toBeGreaterThan(8);
        expect(await account.mailboxesOf('labelled')).toEqual(['Feed']);
        expect((await account.groups())['Feed']).toHaveLength(1);
        expect((await account.cards()).filter(({ text }) => text.includes('ann@sender.example'))).toHaveLength(1);
      },
      60_000,
    );

    it('one sender that a retry can mend keeps its label for the next cycle, and the others go on', async () => {
      const account = await screenedAccount(cyrus());
      for (const name of ['ann', 'bob', 'eve']) {
        await account.addMessage({ subject: name, from: `${name}@sender.example`, mailboxes: ['Screener', '@ToFeed'] });
      }
      proxy.fault(({ method, body }) => method === 'PUT' && body.includes('bob@'), { answer: { status: 503 } }, 10);
      const summary = await cycle({ account: accountAt(account.account, proxy.origin) });
      expect(summary).toMatchObject({ triaged: 2, failed: 1 });
      expect(await account.mailboxesOf('bob')).toEqual(['@ToFeed', 'Screener']);
      expect(await account.mailboxesOf('eve')).toEqual(['Feed']);
      proxy.forget();
      await cycle(account);
      expect(await account.mailboxesOf('bob')).toEqual(['Feed']);
    }, 60_000);

    it('one sender that the server refuses gets the error label, and the others go on', async () => {
      const account = await screenedAccount(cyrus());
      for (const name of ['ann', 'bob']) {
        await account.addMessage({ subject: name, from: `${name}@sender.example`, mailboxes: ['Screener', '@ToFeed'] });
      }
      proxy.fault(({ method, body }) => method === 'PUT' && body.includes('bob@'), { answer: { status: 403 } }, 10);
      const summary = await cycle({ account: accountAt(account.account, proxy.origin) });
      expect(summary).toMatchObject({ triaged: 1, refused: 1 });
      expect(await account.mailboxesOf('bob')).toEqual(['@MailroomError', '@ToFeed', 'Screener']);
      expect(await account.mailboxesOf('ann')).toEqual(['Feed']);
    });

    it('a cycle in which every sender failed exits 75', async () => {
      const account = await screenedAccount(cyrus());
      await account.addMessage({ subject: 'one', from: ANN, mailboxes: ['Screener', '@ToFeed'] });
      proxy.fault(({ method }) => method === 'PUT', { answer: { status: 503 } }, 10);
      const { status } = await runMailroom(['--once'], { account: accountAt(account.account, proxy.origin) });
      expect(status).toBe(75);
      expect(await account.mailboxesOf('one')).toEqual(['@ToFeed', 'Screener']);
    }, 60_000);
  });

  it('with a host that hangs exits 75', async () => {
    const ends = await hanging;
    expect(ends.map(({ status }) => status)).toEqual([75, 75]);
    for (const { line } of ends) expect(line).toMatch(/no answer within 20 s/);
  }, 120_000);
});

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

describe('The command line', () => {
  it.each([
    ['no arguments', []],
    ['an unknown option', ['--twice']],
    ['an unknown command', ['frobnicate']],
    ['a command beside --once', ['--once', 'queue']],
    ['a word too many', ['--once', 'now', 'please']],
  ])('with %s exits 64 and says how to use it', async (_, args) => {
    const { status, stderr } = await runMailroom(args, {});
    expect(status).toBe(64);
    expect(stderr).toContain(`Usage: ${PROGRAM} `);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
