import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { leash } from './leash';

export interface KeptProcess {
  /** Ends the program and comes back when it is gone, and its folder with it. */
  end(): Promise<void>;
}

/**
 * Runs a program for as long as its standard input is open, and then removes a folder. The pipe closes when the
 * test closes it, and just as well when the test's own process is killed: no program and no folder outlives it. Where
 * this keeper itself is killed, the program is on a leash.
 */
const KEEPER = `
folder=$1; signal=$2; shift 2
"$@" </dev/null & program=$!
read -r _
kill -s "$signal" "$program"; wait "$program"
[ -z "$folder" ] || rm -rf "$folder"
`;

export interface KeptProgram {
  readonly command: string;
  readonly arguments: readonly string[];
  /** The file that takes what the program prints. */
  readonly log: string;
  /** The folder to remove when the program has ended. */
  readonly removes?: string;
  /** How it ends: KILL, at once, unless it has children of its own to end. */
  readonly signal?: 'KILL' | 'TERM';
}

/** Starts a program that ends with this process at the latest, however this process ends. */
export function keepRunning(program: KeptProgram): KeptProcess {
  const log = openSync(program.log, 'a');
  const { command, arguments: args, removes = '', signal = 'KILL' } = program;
  const keeper = spawn('sh', ['-c', KEEPER, 'sh', removes, signal, ...leash(signal), command, ...args], {
    // A group of its own: Ctrl-C must not end the keeper before it has cleared up.
    detached: true,
    stdio: ['pipe', log, log],
    env: { PATH: process.env.PATH },
  });
  closeSync(log);
  keeper.unref();
  (keeper.stdin as Socket).unref();
  const gone = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  return {
    async end() {
      keeper.ref();
      keeper.stdin?.end();
      await gone;
    },
  };
}
