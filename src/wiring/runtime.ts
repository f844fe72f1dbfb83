import type { Readable, Writable } from 'node:stream';
import type { Arguments } from '../arguments/arguments';
import type { Environment } from '../config';
import { EXIT, type ExitStatus } from '../errors';

/** An output of the process, which may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** What commands have of the process: `src/run.ts` alone touches `process`. */
export interface Runtime {
  readonly version: string;
  readonly environment: Environment;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Output;
  readonly stderr: Output;
  /** Tells of SIGTERM and SIGINT. */
  readonly signals: Pick<NodeJS.Process, 'once' | 'removeListener'>;
}

/** Starts a command as the command line asks for it. Throws what ends it, a `MailroomError` where it is known. */
export type Start = (runtime: Runtime, parsed: Arguments) => Promise<ExitStatus>;

/** Writes a text and a line break to stdout. */
export function printOn({ stdout }: Pick<Runtime, 'stdout'>): (text: string) => ExitStatus {
  return (text) => {
    stdout.write(`${text}\n`);
    return EXIT.ok;
  };
}
