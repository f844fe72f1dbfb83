import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Requirement } from './requirement';

const run = promisify(execFile);

export const terminalRequirement: Requirement = {
  name: 'a terminal (tmux)',
  install: 'apt-get install tmux',
  missing: () => (spawnSync('tmux', ['-V']).status === 0 ? undefined : 'no tmux on the PATH'),
};

export interface TerminalOptions {
  readonly columns: number;
  readonly rows?: number;
  /** The current folder. */
  readonly folder: string;
  /** All of the environment but PATH and TERM. */
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

export interface Terminal {
  /** Everything that was shown so far; with its colours (SGR) where asked for. */
  shown(colours?: boolean): Promise<string>;
  /** Types keys as tmux names them (`C-c`, `Tab`, `Enter`), or text. */
  type(...keys: readonly string[]): Promise<void>;
  /** Comes back when what is shown fits. */
  shows(pattern: RegExp): Promise<void>;
  /** The exit status, when the command has ended. */
  ended(): Promise<number>;
  close(): Promise<void>;
}

const LONGEST_MS = 20_000;

const SETTINGS = `set -g remain-on-exit on
set -g remain-on-exit-format ""
set -g history-limit 50000
set -g status off
`;

/** A command in a real terminal of its own. */
export async function openTerminal({ columns, rows = 40, folder, env, command }: TerminalOptions): Promise<Terminal> {
  const home = await mkdtemp(join(tmpdir(), 'mailroom-terminal-'));
  const configuration = join(home, 'tmux.conf');
  await writeFile(configuration, SETTINGS);
  const tmux = async (...args: readonly string[]): Promise<string> => {
    // tmux runs commands by the user's login shell unless told: that of a service's user runs none.
    const environment = { PATH: process.env.PATH, SHELL: '/bin/sh', LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' };
    return (await run('tmux', ['-S', join(home, 'tmux'), '-f', configuration, ...args], { env: environment })).stdout;
  };
  const variables = Object.entries({ ...env, PATH: process.env.PATH ?? '' }).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  const size = ['-x', String(columns), '-y', String(rows)];
  const status = join(home, 'status');
  await tmux('new-session', '-d', '-s', 'run', ...size, '-c', folder, ...variables, ...tellsStatus(status, command));

  const shown = async (colours = false): Promise<string> => {
    const text = await tmux('capture-pane', '-t', 'run', '-p', ...(colours ? ['-e'] : []), '-S', '-');
    return text.replace(/\n+$/, '\n');
  };
  const until = async <T>(look: () => Promise<T | undefined>, what: string): Promise<T> => {
    const end = Date.now() + LONGEST_MS;
    while (Date.now() < end) {
      const seen = await look();
      if (seen !== undefined) return seen;
      await wait(20);
    }
    throw new Error(`${what} does not come; the terminal shows:\n${await shown()}`);
  };
  return {
    shown,
    type: async (...keys) => void (await tmux('send-keys', '-t', 'run', ...keys)),
    shows: async (pattern) => {
      await until(async () => (pattern.test(await shown()) ? true : undefined), String(pattern));
    },
    ended: () =>
      until(async () => {
        // The file comes first, and costs no process to look at.
        const told = await readFile(status, 'utf8').catch(() => '');
        if (told === '') return undefined;
        const dead = await tmux('display-message', '-t', 'run', '-p', '#{pane_dead}');
        return dead.trim() === '1' ? Number(told) : undefined;
      }, 'The end'),
    close: async () => {
      await tmux('kill-server');
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** tmux does not always know it. */
function tellsStatus(file: string, command: readonly string[]): readonly string[] {
  return ['sh', '-c', '"$@"; echo $? >"$0"', file, ...command];
}
