import type { Writable } from 'node:stream';
import type { LogLevel, Settings } from '../config';
import { createLog, type Log, type LogOptions } from '../log';
import { secretsOf } from './credentials';
import type { Runtime } from './runtime';

export interface LogForOptions {
  /** What is logged even where the settings ask for less. */
  readonly atLeast?: LogLevel;
  /** Lines for a person instead of JSON; what a terminal gets unless told. */
  readonly readable?: boolean;
}

export async function logFor(
  runtime: Runtime,
  settings: Settings | undefined,
  stream: Writable,
  { atLeast = 'error', readable = runtime.stdout.isTTY === true }: LogForOptions = {},
): Promise<Log> {
  const level = settings?.logLevel ?? 'info';
  return createLog({
    level: atLeast === 'info' && level !== 'debug' ? 'info' : level,
    stream,
    secrets: secretsOf(settings),
    ...(readable ? await forPeople(runtime) : {}),
  });
}

/** Lines in words, as wide as the terminal is. */
async function forPeople(runtime: Runtime): Promise<Pick<LogOptions, 'lineOf' | 'layOut'>> {
  const [{ readableLine }, { screenOf }, { wrap }] = await Promise.all([
    import('../readable-line'),
    import('../screen/screen'),
    import('../screen/width'),
  ]);
  const { width, style } = screenOf(runtime);
  return {
    lineOf: readableLine,
    layOut: (line) =>
      wrap(line, width)
        .join('\n')
        .replace(/^error:/, style.bad)
        .replace(/^warn:/, style.odd),
  };
}
