import type { Writable } from 'node:stream';
import { types } from 'node:util';
import winston from 'winston';
import type { LogLevel } from './config';
import { MailroomError } from './errors';
import { escapeInvisible } from './printable';
import { redaction } from './redaction';

/** Facts beside a message. Errors among them are written with their causes, without stack traces unless at `debug`. */
export type LogFields = Readonly<Record<string, unknown>>;

export type Log = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

/** A record of the log, whose fields are data that JSON can carry. */
export interface LogLine {
  readonly timestamp: string;
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LogOptions {
  readonly level: LogLevel;
  readonly stream: Writable;
  /** What a record looks like; JSON unless told. */
  readonly lineOf?: ((line: LogLine) => string) | undefined;
  /** What breaks a record into the lines of a terminal. */
  readonly layOut?: ((line: string) => string) | undefined;
  /** Values that never reach the log, wherever they turn up. */
  readonly secrets: readonly string[];
}

/** A log whose lines are one record each: line breaks and control characters in data stay data. */
export function createLog({ level, stream, lineOf = jsonLine, layOut = (line) => line, secrets }: LogOptions): Log {
  const redact = redaction(secrets, '[redacted]');
  const format = winston.format.printf((info) => {
    const { level: shown, message, ...rest } = info;
    const fields = toPlain(rest, level === 'debug') as Readonly<Record<string, unknown>>;
    const timestamp = new Date().toISOString();
    const line = lineOf({ timestamp, level: shown, message: String(message), fields });
    return layOut(redact(escapeInvisible(line)));
  });
  const logger = winston.createLogger({
    level,
    levels: { error: 0, warn: 1, info: 2, debug: 3 },
    format,
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });
  const at = (name: LogLevel) => (message: string, fields?: LogFields) => {
    logger.log({ ...fields, level: name, message });
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

function jsonLine({ timestamp, level, message, fields }: LogLine): string {
  return JSON.stringify({ timestamp, level, message, ...fields });
}

const SECRET_KEYS = /authorization|password|token|secret/i;

/** Data that JSON can carry: errors with their causes and inner errors, nothing deeper than ten levels. */
function toPlain(value: unknown, withStack: boolean, depth = 0): unknown {
  if (depth > 10) return '…';
  const deeper = (inner: unknown): unknown => toPlain(inner, withStack, depth + 1);
  if (types.isNativeError(value)) {
    const { name, message, stack, cause } = value;
    const errors = value instanceof AggregateError ? value.errors : undefined;
    return {
      name,
      message,
      ...(value instanceof MailroomError ? { code: value.code } : {}),
      ...(cause === undefined ? {} : { cause: deeper(cause) }),
      ...(errors === undefined ? {} : { errors: errors.map(deeper) }),
      ...(withStack ? { stack } : {}),
    };
  }
  if (Array.isArray(value)) return value.map(deeper);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, SECRET_KEYS.test(key) ? '[redacted]' : deeper(inner)]),
  );
}
