import type { Writable } from 'node:stream';
import type { LogLevel, Settings } from '../config';
import { createLog, type Log } from '../log';
import type { Runtime } from './runtime';
import { secretsOf } from './secrets';

/** `atLeast`: what is logged even where the settings ask for less. */
export async function logFor(
  { stdout }: Runtime,
  settings: Settings | undefined,
  stream: Writable,
  atLeast: LogLevel = 'error',
): Promise<Log> {
  const level = settings?.logLevel ?? 'info';
  return createLog({
    level: atLeast === 'info' && level !== 'debug' ? 'info' : level,
    stream,
    lineOf: stdout.isTTY === true ? (await import('../readable-line')).readableLine : undefined,
    secrets: secretsOf(settings),
  });
}
