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

export interface LogOptions {
  readonly level: LogLevel;
  readonly stream: Writable;
  /** Readable lines for a person instead of JSON lines. */
  readonly readable: boolean;
  /** Values that never reach the log, wherever they turn up. */
  readonly secrets: readonly string[];
}

/** A log whose lines are one record each: line breaks and control characters in data stay data. */
export function createLog({ level, stream, readable, secrets }: LogOptions): Log {
  const redact = redaction(secrets, '[redacted]');
  const format = winston.format.printf((info) => {
    const { level: shown, message, timestamp, ...fields } = info;
    const plain = toPlain(fields, level === 'debug') as Readonly<Record<string, unknown>>;
    const line = readable
      ? readableLine(shown, String(message), plain)
      : JSON.stringify({ timestamp, level: shown, message, ...plain });
    return redact(escapeInvisible(line));
  });
  const logger = winston.createLogger({
    level,
    levels: { error: 0, warn: 1, info: 2, debug: 3 },
    format: winston.format.combine(winston.format.timestamp(), format),
    transports: [new winston.transports.Stream({ stream, eol: '\n' })],
  });
  const at = (name: LogLevel) => (message: string, fields?: LogFields) => {
    logger.log({ ...fields, level: name, message });
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
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

function readableLine(level: string, message: string, fields: Readonly<Record<string, unknown>>): string {
  const mark = level === 'info' ? '' : `${level}: `;
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        `${key}=${typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)}`,
    )
    .join(' ');
  return facts === '' ? `${mark}${message}` : `${mark}${message}  ${facts}`;
}
