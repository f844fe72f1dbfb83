import { type Arguments, parseArguments } from './arguments/arguments';
import { describeError, EXIT, type ExitStatus, exitStatusOf } from './errors';
import type { Runtime, Start } from './wiring/runtime';

declare const MAILROOM_VERSION: string;

/** Each command is evaluated only where it is chosen, and with it what it needs. */
const COMMANDS: Readonly<Record<Arguments['command'], () => Promise<{ readonly start: Start }>>> = {
  // Nothing.
  help: () => import('./commands/help/start'),
  version: () => import('./commands/version/start'),
  completion: () => import('./commands/completion/start'),
  // Settings and the cluster.
  status: () => import('./commands/status/start'),
  // Settings and one or both servers.
  setup: () => import('./commands/setup/start'),
  queue: () => import('./commands/queue/start'),
  letter: () => import('./commands/letter/start'),
  explain: () => import('./commands/explain/start'),
  history: () => import('./commands/history/start'),
  // These, and signals, since they write for long.
  reset: () => import('./commands/reset/start'),
  // All of it, and something to say where the settings do not work.
  check: () => import('./commands/check/start'),
  once: () => import('./commands/once/start'),
};

/** Over before memory or time could matter. */
const BRIEF: ReadonlySet<Arguments['command']> = new Set(['help', 'version']);

const runtime: Runtime = {
  version: MAILROOM_VERSION,
  environment: process.env,
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  signals: process,
};

// What cannot be written is no reason to stop in the middle of a triage; it is told when the work is over. A reader that
// goes away (`| head`) has read what it wanted.
let unwritten: NodeJS.ErrnoException | undefined;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') unwritten ??= error;
});
process.stderr.on('error', () => {});

void run(process.argv.slice(2));

async function run(args: readonly string[]): Promise<void> {
  const exitStatus = await main(args).catch(async (error: unknown) => {
    process.stderr.write(`${await laidOut(describeError(error))}\n`);
    return exitStatusOf(error);
  });
  await new Promise((written) => process.stdout.write('', written));
  if (unwritten !== undefined) process.stderr.write(`The output could not be written: ${unwritten.message}.\n`);
  process.exitCode = unwritten !== undefined && exitStatus === EXIT.ok ? EXIT.output : exitStatus;
}

async function main(args: readonly string[]): Promise<ExitStatus> {
  const parsed = await parseArguments(args);
  const { start } = await COMMANDS[parsed.command]();
  if (!BRIEF.has(parsed.command)) await favourMemory();
  return start(runtime, parsed);
}

/**
 * The pod's memory is scarcer than its time: V8 would double its young generation again and again for the short-lived
 * objects of hundreds of requests. It reads these flags each time it is about to grow; npm run bench shows the difference.
 *
 * To be called when a command is evaluated, and Node's own modules with it: under other flags V8 does not believe the code
 * that Node.js brings along for them, and compiles each anew.
 */
async function favourMemory(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--max-optimized-bytecode-size=4000');
}

/** What servers and the command line bring does nothing to a terminal, which would break lines in the middle of words. */
async function laidOut(line: string): Promise<string> {
  const [{ sentence }, { PLAIN }] = await Promise.all([import('./screen/lines'), import('./screen/screen')]);
  const { isTTY, columns } = process.stderr;
  return sentence(line, { ...PLAIN, width: isTTY && columns > 0 ? columns : undefined }).join('\n');
}
