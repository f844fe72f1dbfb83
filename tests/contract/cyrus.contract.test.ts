import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { buildSync } from 'esbuild';
import { startCyrus } from '../support/cyrus';
import { CYRUS_RELEASES } from '../support/cyrus-releases';
import { describeWith } from '../support/requirement';
import { screenedAccount } from '../support/test-account';
import { until } from '../support/until';

/** Command lines of the running processes that name this text. */
async function processesNaming(text: string): Promise<readonly string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.map((line) => line.replaceAll('\0', ' ')).filter((line) => line.includes(text));
}

async function isGone(folder: string): Promise<true | undefined> {
  return !existsSync(folder) && (await processesNaming(folder)).length === 0 ? true : undefined;
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  return '';
}

for (const release of CYRUS_RELEASES)
  describeWith(release.requirement, `${release.name}, as tests start it`, () => {
    it('leaves no process and no folder behind when it is stopped', async () => {
      const server = await startCyrus({ release });
      const { folder } = server;
      expect((await processesNaming(folder)).length).toBeGreaterThan(1);
      await server.stop();
      expect(await processesNaming(folder)).toEqual([]);
      expect(existsSync(folder)).toBe(false);
    });

    it('starts where PATH lacks the folders of administrators', async () => {
      const { PATH } = process.env;
      process.env.PATH = '/usr/bin:/bin';
      try {
        const server = await startCyrus({ release });
        await server.index(await server.addUser());
        await server.stop();
      } finally {
        process.env.PATH = PATH;
      }
    });

    it('leaves nothing behind when the process that started it is killed', async () => {
      const here = await mkdtemp(join(tmpdir(), 'mailroom-killed-'));
      try {
        const script = join(here, 'starts-cyrus.js');
        const options = JSON.stringify({ release });
        const start = `startCyrus(${options}).then(({ folder }) => { console.log(folder); setInterval(() => {}, 1000); });`;
        const stdin = {
          contents: `import { startCyrus } from './cyrus';\n${start}`,
          resolveDir: resolve('tests/support'),
        };
        buildSync({ stdin, bundle: true, platform: 'node', target: 'node20', outfile: script });
        const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
        const folder = await firstLine(child.stdout);
        child.kill('SIGKILL');
        expect(folder).not.toBe('');
        await until(
          () => `${folder} is gone`,
          () => isGone(folder),
          10_000,
        );
      } finally {
        await rm(here, { recursive: true, force: true });
      }
    });

    it('makes users that are asked for at the same moment', async () => {
      const server = await startCyrus({ release });
      try {
        const accounts = await Promise.all(Array.from({ length: 20 }, () => server.addUser()));
        expect(new Set(accounts.map(({ username }) => username)).size).toBe(20);
      } finally {
        await server.stop();
      }
    });

    it('delivers through the Sieve rules of the user', async () => {
      const server = await startCyrus({ release });
      try {
        const user = await screenedAccount(server);
        await server.installSieve(user.account, 'require ["fileinto"];\nfileinto "Feed";\n');
        await server.deliver(
          user.account,
          'From: ann@x.example\nSubject: routed\n\nHello.\n.\nThe line above is a dot.\n',
        );
        expect(await user.mailboxesOf('routed')).toEqual(['Feed']);
      } finally {
        await server.stop();
      }
    });
  });
