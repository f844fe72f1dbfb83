import type { LogLine } from './log';

/** A line for a person: the message, what is worse than `info`, and the facts as `key=value`. */
export function readableLine({ level, message, fields }: LogLine): string {
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
