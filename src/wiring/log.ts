import type { Writable } from 'node:stream';
import type { LogLevel, Settings } from '../config';
import { createLog, type Log } from '../log';
import type { Runtime } from './runtime';
import { secretsOf } from './secrets';

export interface LogForOptions {
  /** What is logged even where the settings ask for less. */
  readonly atLeast?: LogLevel;
  /** Lines for a person instead of JSON; what a terminal gets unless told. */
  readonly readable?: boolean;
}

export async function logFor(
  { stdout }: Runtime,
  settings: Settings | undefined,
  stream: Writable,
  { atLeast = 'error', readable = stdout.isTTY === true }: LogForOptions = {},
): Promise<Log> {
  const level = settings?.logLevel ?? 'info';
  return createLog({
    level: atLeast === 'info' && level !== 'debug' ? 'info' : level,
    stream,
    lineOf: readable ? (await import('../readable-line')).readableLine : undefined,
    secrets: secretsOf(settings),
  });
}
