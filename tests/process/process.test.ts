import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { type EmbeddedServer, startEmbedded } from '../support/embedded/server';
import { PROGRAM, runMailroom, settingsOf } from '../support/mailroom';
import { describeWith } from '../support/requirement';
import { openTerminal, terminalRequirement } from '../support/terminal';
import { screenedAccount, type TestAccount } from '../support/test-account';

const BUNDLE = resolve('dist/run.js');

let server: EmbeddedServer;
let account: TestAccount;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailroom-process-'));
  server = await startEmbedded();
  account = await screenedAccount(server);
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

const mailroom = (args: readonly string[], options: Parameters<typeof runMailroom>[1] = {}) =>
  runMailroom(args, { account: account.account, ...options });

/** Any command; the server in this process goes on answering meanwhile. */
async function ended(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env: Readonly<Record<string, string | undefined>> },
) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const status = new Promise<number | null>((closed) => child.once('close', closed));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await status, stdout, stderr };
}

describe('the file .env', () => {
  const BLOCK = 'MAILROOM_CATEGORIES: |\n  - name: Imbox\n    mailbox: Inbox\n  - Secret Words\n';

  it.each([[['queue']], [['--once']], [['check']], [['setup', '--rules']]])(
    'with lines that are no assignments ends %j, and none of them is repeated',
    async (args) => {
      const { status, stdout, stderr } = await mailroom(args, { files: { '.env': `A=1\n${BLOCK}` } });
      expect(status).toBe(78);
      expect(stdout + stderr).toContain('.env in the current folder: lines 2 to 5 are no assignment');
      expect(stdout + stderr).not.toContain('Secret Words');
    },
  );

  it('may hold categories in several lines, within quotes', async () => {
    const files = { '.env': "MAILROOM_CATEGORIES='\n- name: Feed # the only one\n'\n" };
    const { status, stdout } = await mailroom(['setup', '--rules'], { files });
    expect([status, JSON.parse(stdout).map(({ name }: { readonly name: string }) => name)]).toEqual([
      0,
      ['Feed', 'Screener'],
    ]);
  });

  it.each([
    [0o644, true],
    [0o640, true],
    [0o600, false],
  ])('that has the mode %s is warned of: %s', async (mode, warned) => {
    await writeFile(join(folder, '.env'), 'A=1\n');
    await chmod(join(folder, '.env'), mode);
    const env = { PATH: process.env.PATH, ...settingsOf(account.account) };
    const { stderr, stdout } = await ended(process.execPath, [BUNDLE, 'check'], { cwd: folder, env });
    await rm(join(folder, '.env'));
    expect([stderr, stdout.includes('! .env holds credentials, and others may read it; chmod 600 .env')]).toEqual([
      '',
      warned,
    ]);
  });
});

describe('a variable that is no setting', () => {
  const env = { MAILROOM_LABEL_TO_FED: '@Read' };
  const warning = 'MAILROOM_LABEL_TO_FED is no setting; did you mean MAILROOM_LABEL_TO_FEED?';

  it.each([[['queue', '--count']], [['setup', '--rules']], [['explain', 'ann@sender.example']], [['reset']]])(
    'is warned of by %j, beside its answer',
    async (args) => {
      const { status, stdout, stderr } = await mailroom(args, { env });
      expect(status).toBe(0);
      expect(stderr).toContain(warning);
      expect(stdout).not.toContain(warning);
    },
  );

  it('is warned of in the log of a cycle, and is a finding of check', async () => {
    const { records, stderr } = await mailroom(['--once'], { env });
    expect(records).toContainEqual(expect.objectContaining({ level: 'warn', message: warning }));
    expect(stderr).toBe('');
    const { stdout, status } = await mailroom(['check', '--json'], { env });
    expect(status).toBe(0);
    expect(JSON.parse(stdout).findings).toContainEqual({ subject: 'settings', state: 'warning', message: warning });
  });
});

describe('the settings', () => {
  it('with a tag that YAML does not know are a fault in the report, and nothing else', async () => {
    const { status, stdout, stderr } = await mailroom(['queue'], { env: { MAILROOM_CATEGORIES: '- !thing Feed' } });
    expect({ status, stdout }).toEqual({ status: 78, stdout: '' });
    expect(stderr).toMatch(/^The settings do not work: MAILROOM_CATEGORIES must be a list in YAML or JSON: .*\n$/);
  });
});

describe('the output', () => {
  it.each([[['setup', '--rules']], [['--version']], [['help']], [['--once']]])(
    'of %j that cannot be written is 74, with a line',
    async (args) => {
      const env = { PATH: process.env.PATH, ...settingsOf(account.account) };
      const script = 'node "$0" "$@" >/dev/full';
      const { status, stderr } = await ended('sh', ['-c', script, BUNDLE, ...args], {
        env,
        cwd: folder,
      });
      expect([status, stderr]).toEqual([
        74,
        'The output could not be written: ENOSPC: no space left on device, write.\n',
      ]);
    },
  );

  it('whose reader goes away is no failure', async () => {
    const env = { PATH: process.env.PATH, ...settingsOf(account.account) };
    const script = '{ node "$0" setup --rules; echo $? >&2; } | true';
    const { stderr } = await ended('sh', ['-c', script, BUNDLE], { env, cwd: folder });
    expect(stderr).toBe('0\n');
  });
});

describe('the program', () => {
  it('takes an address that begins like an option', async () => {
    const { status, stdout } = await mailroom(['explain', '-h7@h.example']);
    expect([status, stdout.split('\n')[0]]).toEqual([0, 'Sender      -h7@h.example']);
  });

  it('names itself as it was started', async () => {
    expect((await mailroom(['setpu'])).stderr).toContain(`did you mean setup? Usage: ${PROGRAM} --once`);
    await symlink(BUNDLE, join(folder, 'mailroom'));
    const env = { PATH: `${folder}:${process.env.PATH}` };
    const { stderr, status } = await ended('mailroom', ['setpu'], { env });
    expect([status, stderr]).toEqual([64, expect.stringContaining('Usage: mailroom --once')]);
  });
});

describeWith(terminalRequirement, 'a cycle on a terminal', () => {
  async function shown(command: string): Promise<{ readonly status: number; readonly text: string }> {
    const env = { ...settingsOf(account.account), BUNDLE };
    const terminal = await openTerminal({ columns: 100, folder, env, command: ['sh', '-c', command] });
    try {
      return { status: await terminal.ended(), text: await terminal.shown() };
    } finally {
      await terminal.close();
    }
  }

  it('has its failure on stderr', async () => {
    const { status, text } = await shown('MAILROOM_SCREENER_MAILBOX=Lobby node "$BUNDLE" --once 2>failure');
    expect([status, text.trim()]).toEqual([78, '']);
    expect(await readFile(join(folder, 'failure'), 'utf8')).toContain('Missing: the mailbox "Lobby"');
  });

  it('has its summary on stdout, in words', async () => {
    const { status, text } = await shown('node "$BUNDLE" --once 2>failure');
    expect([status, text.trim()]).toEqual([0, 'Nothing to triage']);
    expect(await readFile(join(folder, 'failure'), 'utf8')).toBe('');
  });

  it('is JSON where that is asked for', async () => {
    const { text } = await shown('node "$BUNDLE" --once --json');
    const line = text.trim().replaceAll('\n', '');
    expect(JSON.parse(line)).toMatchObject({ level: 'info', message: 'Nothing to triage', triaged: 0 });
  });
});
