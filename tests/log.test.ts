import { Writable } from 'node:stream';
import type { LogLevel } from '../src/config';
import { MailroomError } from '../src/errors';
import { createLog, type Log, type LogFields, type LogOptions } from '../src/log';
import { readableLine } from '../src/readable-line';

const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug'];

/** What a log writes while `use` has it. */
function written(
  use: (log: Log) => void,
  options: { level?: LogLevel; lineOf?: LogOptions['lineOf']; secrets?: readonly string[] } = {},
): string {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  use(createLog({ level: 'info', secrets: [], stream, ...options }));
  return chunks.join('');
}

/** The one record that is written, without its time. */
function record(message: string, fields?: LogFields, level: LogLevel = 'info') {
  const line = written((log) => log.info(message, fields), { level });
  expect(line).toMatch(/^[^\n]*\n$/);
  const { timestamp, ...rest } = JSON.parse(line);
  expect(Number.isNaN(Date.parse(timestamp))).toBe(false);
  return rest;
}

describe('JSON lines', () => {
  it('hold level, message and fields', () => {
    expect(record('Triaged', { sender: 'ann@example.com', filed: 3, joins: ['Feed'] })).toEqual({
      level: 'info',
      message: 'Triaged',
      sender: 'ann@example.com',
      filed: 3,
      joins: ['Feed'],
    });
  });

  it('hold what is nothing, and dates', () => {
    const fields = { name: null, at: new Date(0), deep: { more: { and: { more: [null] } } } };
    expect(record('m', fields)).toMatchObject({ ...fields, at: '1970-01-01T00:00:00.000Z' });
  });

  it.each<[LogLevel, readonly LogLevel[]]>([
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'info']],
    ['debug', ['error', 'warn', 'info', 'debug']],
  ])('at %s are those of %j', (level, expected) => {
    const lines = written((log) => LEVELS.forEach((name) => void log[name]('m')), { level });
    expect(
      lines
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).level),
    ).toEqual(expected);
  });

  it.each(['line\nbreak', 'carriage\rreturn', '\u001b[31mred', 'bell\u0007', 'turned\u202eround', 'line\u2028break'])(
    'keep %j one record, and the text as it was',
    (text) => {
      const line = written((log) => log.info(text, { name: text }));
      expect(line.slice(0, -1)).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
      expect(JSON.parse(line)).toMatchObject({ message: text, name: text });
    },
  );

  it('are not confused by fields that are named like their own', () => {
    expect(record('real', { level: 'error', message: 'false' })).toMatchObject({
      level: 'info',
      message: 'real',
    });
  });
});

describe('errors in fields', () => {
  const inner = new MailroomError({ code: 'refused', message: 'inner' });
  const error = new MailroomError({
    code: 'transient',
    message: 'outer',
    cause: new AggregateError([inner, new TypeError('x')], 'both'),
  });

  it('are written with code, causes and inner errors, without stack traces', () => {
    expect(record('failed', { error })).toMatchObject({
      error: {
        name: 'MailroomError',
        code: 'transient',
        message: 'outer',
        cause: { message: 'both', errors: [{ message: 'inner', code: 'refused' }, { name: 'TypeError' }] },
      },
    });
    expect(written((log) => log.info('failed', { error }))).not.toContain('stack');
  });

  it('are written with stack traces at debug', () => {
    expect(record('failed', { error }, 'debug').error.stack).toContain('log.test');
  });

  it('that cause each other come to an end', () => {
    const circle = new Error('circle');
    circle.cause = circle;
    expect(record('failed', { error: circle }).error.message).toBe('circle');
  });
});

describe('secrets', () => {
  it.each([
    ['as they are', 's3cret-token', 'Bearer s3cret-token!'],
    ['in a URL', 'a/b c+d', 'https://x/?t=a%2Fb%20c%2Bd'],
    ['where one begins with the other', 's3cret-token-longer', 'got s3cret-token-longer'],
    ['with quotes and backslashes', 'a"b\\c-d', 'got a"b\\c-d'],
  ])('are taken out of messages and fields %s', (_, secret, text) => {
    for (const lineOf of [undefined, readableLine]) {
      const line = written((log) => log.info(text, { text, deep: [{ error: new Error(text) }] }), {
        lineOf,
        secrets: ['s3cret-token', secret],
      });
      expect(line).toContain('[redacted]');
      for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), '-longer']) {
        expect(line).not.toContain(form);
      }
    }
  });

  it.each(['authorization', 'Authorization', 'password', 'jmapToken', 'client_secret'])(
    'are not written as %s',
    (key) => {
      expect(record('m', { request: { [key]: 'x' } })).toMatchObject({ request: { [key]: '[redacted]' } });
    },
  );

  it('that are hardly any do not blot out everything', () => {
    expect(written((log) => log.info('a and b'), { secrets: ['', 'a'] })).toContain('a and b');
  });
});

describe('readable lines', () => {
  const readable = (use: (log: Log) => void) => written(use, { lineOf: readableLine });

  it.each<[string, (log: Log) => void, string]>([
    ['a message alone', (log) => log.info('Nothing to triage'), 'Nothing to triage\n'],
    ['other levels', (log) => log.warn('Conflict'), 'warn: Conflict\n'],
    ['facts behind the message', (log) => log.info('Triaged', { filed: 3, to: 'Feed' }), 'Triaged  filed=3 to=Feed\n'],
    ['quotes where a fact has spaces', (log) => log.info('m', { to: 'Paper Trail' }), 'm  to="Paper Trail"\n'],
    ['quotes where a fact looks like two', (log) => log.info('m', { to: 'a filed=9' }), 'm  to="a filed=9"\n'],
    ['nothing for what is not set', (log) => log.info('m', { to: undefined }), 'm\n'],
    ['control characters as text', (log) => log.info('a\u001b[2Jb\nc'), 'a\\u001b[2Jb\\u000ac\n'],
    ['control characters in facts as text', (log) => log.info('m', { name: '\u001b' }), 'm  name=\\u001b\n'],
  ])('have %s', (_, use, expected) => {
    expect(readable(use)).toBe(expected);
  });
});
