import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { load } from 'js-yaml';
import { checkDocument, documentCheckersRequirement } from '../support/document-checkers';
import { startEmbedded } from '../support/embedded/server';
import { type FencedBlock, fencedBlocks } from '../support/fenced-blocks';
import { settingsOf } from '../support/mailroom';
import { describeWith, type Requirement } from '../support/requirement';
import { screenedAccount } from '../support/test-account';
import { until } from '../support/until';

const run = promisify(execFile);

const systemdRequirement: Requirement = {
  name: 'systemd-analyze',
  install: 'sudo apt-get install --yes --no-install-recommends systemd',
  missing: () => (spawnSync('systemd-analyze', ['--version']).error === undefined ? undefined : 'there is none'),
};

describe('docs/run-anywhere.md', () => {
  let folder: string;
  let blocks: readonly FencedBlock[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailroom-anywhere-'));
    blocks = await fencedBlocks('docs/run-anywhere.md');
  });
  afterEach(() => rm(folder, { recursive: true }));

  function fileOf(name: string): string {
    const found = blocks.find(({ file }) => file === name);
    if (found === undefined) throw new Error(`no ${name} in docs/run-anywhere.md`);
    return found.text;
  }

  it('says of each block of commands that the tests cannot run why', () => {
    const left = blocks.filter(({ notRun }) => notRun !== undefined);
    expect(left.map(({ notRun, text }) => [notRun, text.split(' ', 2).join(' ')])).toEqual([
      ['needs Docker', 'docker run'],
      ['needs Docker', 'docker compose'],
      ['needs a machine that systemd runs', 'npm ci'],
    ]);
  });

  it.each(['dash', 'bash'])(
    'has commands that %s understands, and runs those that need nothing else',
    async (shell) => {
      for (const { language, text } of blocks) if (language === 'sh') await run(shell, ['-n', '-c', text]);
      const ready = blocks.filter(({ language, notRun }) => language === 'sh' && notRun === undefined);
      expect(ready).toHaveLength(1);
      const env = { PATH: process.env.PATH, EDITOR: 'true' };
      await run(shell, ['-eu', '-c', ready.map(({ text }) => text).join('\n')], { cwd: folder, env });
      const { mode } = await stat(join(folder, 'mailroom.env'));
      expect((mode & 0o777).toString(8)).toBe('600');
      expect((await readFile(join(folder, 'mailroom.env'), 'utf8')).match(/^MAILROOM_\w+=$/gm)).toHaveLength(3);
    },
  );

  describeWith(systemdRequirement, 'its units', () => {
    it('are what systemd takes', async () => {
      for (const unit of ['mailroom.service', 'mailroom.timer']) {
        const text = fileOf(unit)
          .replace('/usr/bin/node', process.execPath)
          .replace(/\/opt\/mailroom/g, folder);
        await writeFile(join(folder, unit), text);
      }
      const { status, stdout, stderr } = spawnSync(
        'systemd-analyze',
        [
          'verify',
          '--man=no',
          '--recursive-errors=one',
          join(folder, 'mailroom.service'),
          join(folder, 'mailroom.timer'),
        ],
        { encoding: 'utf8' },
      );
      expect({
        status,
        said: `${stdout}${stderr}`.split('\n').filter((line) => line.includes(folder) || line.includes('mailroom')),
      }).toEqual({
        status: 0,
        said: [],
      });
    });

    it('start every five minutes', () => {
      const when = /^OnCalendar=(.*)$/m.exec(fileOf('mailroom.timer'))?.[1] ?? '';
      const calendar = execFileSync('systemd-analyze', ['calendar', when], { encoding: 'utf8' });
      expect(calendar).toMatch(/Normalized form: \*-\*-\* \*:00\/5:00/);
    });
  });

  describeWith(documentCheckersRequirement, 'its compose file', () => {
    it('is what the Compose Specification has', async () => {
      await writeFile(join(folder, 'compose.yaml'), fileOf('compose.yaml'));
      await writeFile(join(folder, 'mailroom.env'), '');
      expect(checkDocument('compose-spec', ['compose.yaml'], folder)).toEqual({
        status: 0,
        output: expect.stringContaining('ghcr.io/hellothisisflo/mailroom:'),
      });
    });
  });

  describe('the scheduler of its compose file', () => {
    let scheduler: ChildProcess | undefined;
    afterEach(() => scheduler?.kill('SIGKILL'));

    /** Starts it with a stand-in for Mailroom, which notes in a file what happens to it, and a shorter interval. */
    async function start(program: string): Promise<{ notes: () => Promise<string>; ended: Promise<number | null> }> {
      const file = join(folder, 'notes');
      await writeFile(file, '');
      await writeFile(
        join(folder, 'run.js'),
        `const note = (t) => require('node:fs').appendFileSync(${JSON.stringify(file)}, t);\n${program}`,
      );
      const { services } = load(fileOf('compose.yaml')) as {
        services: { mailroom: { entrypoint: readonly string[] } };
      };
      const [node, option = '', script = ''] = services.mailroom.entrypoint;
      expect(node).toBe('/usr/local/bin/node');
      const shorter = script.replace('/app/run.js', join(folder, 'run.js')).replace('300_000', '300');
      expect(shorter).not.toBe(script);
      scheduler = spawn(process.execPath, [option, shorter], { stdio: 'ignore' });
      const ended = new Promise<number | null>((resolve) => scheduler?.once('close', resolve));
      return { notes: () => readFile(file, 'utf8'), ended };
    }

    it('starts cycles again and again, whatever they end with', async () => {
      const { notes } = await start(`note(process.argv[2] + ' '); process.exitCode = 78;`);
      await until(
        () => 'three cycles',
        async () => ((await notes()).startsWith('--once --once --once') ? true : undefined),
      );
    });

    it('starts none beside one that runs, and hands SIGTERM on', async () => {
      const { notes, ended } = await start(`
        note('begun ');
        process.once('SIGTERM', () => { note('told'); clearInterval(timer); });
        const timer = setInterval(() => note('.'), 100);
      `);
      // Three intervals and more.
      await until(
        () => 'the cycle outlasts its interval',
        async () => ((await notes()).includes('..........') ? true : undefined),
      );
      scheduler?.kill('SIGTERM');
      expect(await ended).toBe(0);
      expect(await notes()).toMatch(/^begun \.+told\.*$/);
    });
  });

  it('has a line for cron that runs a cycle, and none beside one that runs', async () => {
    const server = await startEmbedded();
    const account = await screenedAccount(server);
    await account.addMessage({ subject: 'news', from: 'news@sender.example', mailboxes: ['Screener', '@ToFeed'] });
    const home = join(folder, 'mailroom');
    await mkdir(join(home, 'dist'), { recursive: true });
    await cp('dist/run.js', join(home, 'dist/run.js'));
    const lines = Object.entries(settingsOf(account.account)).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(home, '.env'), lines.join(''), { mode: 0o600 });
    const [, schedule, command = ''] = /^(\*\/5 \* \* \* \*) (.*)$/m.exec(fileOf('mailroom.crontab')) ?? [];
    expect(schedule).toBe('*/5 * * * *');
    const asCron = () =>
      spawnSync('/bin/sh', ['-c', command.replace('/usr/bin/node', process.execPath)], {
        env: { HOME: folder, PATH: '/usr/bin:/bin' },
      }).status;
    const log = join(home, 'mailroom.log');
    try {
      const beside = spawn('flock', [join(home, '.lock'), 'cat'], { stdio: ['pipe', 'ignore', 'ignore'] });
      await until(
        () => 'another cycle holds the lock',
        async () => (spawnSync('flock', ['--nonblock', join(home, '.lock'), 'true']).status === 1 ? true : undefined),
      );
      expect(asCron()).toBe(1);
      expect(await account.mailboxesOf('news')).toEqual(['@ToFeed', 'Screener']);
      beside.stdin.end();
      await new Promise((resolve) => beside.once('close', resolve));
      expect(existsSync(log)).toBe(true);
      // The server of this test answers in this process, which must not wait for the cycle.
      const cycle = spawn('/bin/sh', ['-c', command.replace('/usr/bin/node', process.execPath)], {
        env: { HOME: folder, PATH: '/usr/bin:/bin' },
      });
      expect(await new Promise((resolve) => cycle.once('close', resolve))).toBe(0);
      expect(await account.mailboxesOf('news')).toEqual(['Feed']);
      expect(await readFile(log, 'utf8')).toContain('Triaged 1 sender');
    } finally {
      await server.stop();
    }
  });
});
