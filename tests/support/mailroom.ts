import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Account } from './account';

/** One line of Mailroom's log, parsed. */
export type LogRecord = Readonly<Record<string, unknown>>;

export interface MailroomRun {
  /** The exit status; null when a signal ended the process. */
  readonly status: number | null;
  /** The signal that ended the process, not one that it obeyed by exiting. */
  readonly signalled: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout that are JSON objects. */
  readonly records: readonly LogRecord[];
}

export interface MailroomOptions {
  /** The account that the settings point at. */
  readonly account?: Account;
  /** Further environment variables; undefined takes one of the account's out again. Nothing else is inherited but PATH. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** What its standard input holds. */
  readonly input?: string;
  /** Files to find in the current folder: name → content. */
  readonly files?: Readonly<Record<string, string>>;
  /** The bundle to run in place of `dist/run.js`. */
  readonly bundle?: string;
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  /** Milliseconds after which a run hangs, and is killed so that its test fails. */
  readonly longestMs?: number;
}

export interface RunningMailroom {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Comes back when the output holds something that fits; throws if it ends without. */
  prints(pattern: RegExp): Promise<void>;
  readonly ended: Promise<MailroomRun>;
}

/** The built bundle. */
export const BUNDLE = resolve('dist/run.js');

/** How hints name the bundle, which runs in a folder of its own. */
export const PROGRAM = `node ${BUNDLE}`;

/** A run that takes longer hangs, and is killed so that its test fails instead. */
const LONGEST_RUN_MS = 120_000;

/** Runs the built bundle to its end, in a folder of its own. */
export async function runMailroom(args: readonly string[], options: MailroomOptions = {}): Promise<MailroomRun> {
  return (await startMailroom(args, options)).ended;
}

/** Starts the built bundle, in a folder of its own. */
export async function startMailroom(args: readonly string[], options: MailroomOptions = {}): Promise<RunningMailroom> {
  const cwd = await mkdtemp(join(tmpdir(), 'mailroom-run-'));
  for (const [name, content] of Object.entries(options.files ?? {})) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), content);
  }
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), options.bundle ?? BUNDLE, ...args], {
    cwd,
    env: { PATH: process.env.PATH, ...(options.account && settingsOf(options.account)), ...options.env },
    stdio: 'pipe',
    timeout: options.longestMs ?? LONGEST_RUN_MS,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  const ended = endOf(child, output).finally(() => rm(cwd, { recursive: true, force: true }));
  return {
    pid: child.pid as number,
    kill: (signal) => child.kill(signal),
    ended,
    async prints(pattern) {
      const fits = (): boolean => pattern.test(output.stdout) || pattern.test(output.stderr);
      const isOver = ended.then(() => true);
      while (!fits()) {
        const more = new Promise<boolean>((found) => {
          for (const stream of [child.stdout, child.stderr]) stream.once('data', () => found(false));
        });
        if ((await Promise.race([isOver, more])) && !fits())
          throw new Error(`Mailroom ended without printing ${pattern}: ${output.stdout}${output.stderr}`);
      }
    },
  };
}

/** The environment that points Mailroom at this account. */
export function settingsOf(account: Account): Readonly<Record<string, string>> {
  return {
    MAILROOM_JMAP_TOKEN: account.token,
    MAILROOM_JMAP_SESSION_URL: account.sessionUrl,
    MAILROOM_CARDDAV_URL: account.carddavUrl,
    MAILROOM_CARDDAV_USERNAME: account.username,
    MAILROOM_CARDDAV_PASSWORD: account.password,
  };
}

function endOf(
  child: ChildProcess,
  output: { readonly stdout: string; readonly stderr: string },
): Promise<MailroomRun> {
  return new Promise((resolveRun, reject) => {
    child.once('error', reject);
    child.once('close', (status, signalled) => {
      resolveRun({ status, signalled, ...output, records: recordsOf(output.stdout) });
    });
  });
}

/** The lines that are JSON objects. */
export function recordsOf(stdout: string): readonly LogRecord[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"'))
    .map((line) => JSON.parse(line) as LogRecord);
}
