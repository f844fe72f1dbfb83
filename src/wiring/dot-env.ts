import { readFileSync, statSync } from 'node:fs';
import { platform } from 'node:os';
import { parseEnv } from 'node:util';
import type { Environment } from '../config';
import { MailroomError } from '../errors';

const FILE = '.env';

export interface DotEnv {
  readonly values: Environment;
  /** What works, and should be otherwise. */
  readonly warnings: readonly string[];
}

/** The file `.env` in the current folder, which need not be there. Throws `settings` where a line of it says nothing. */
export function readDotEnv(): DotEnv {
  const { text, mode } = readFile();
  if (text === undefined) return { values: {}, warnings: [] };
  const faults = faultyLines(text);
  if (faults.length > 0) {
    throw new MailroomError({
      code: 'settings',
      message: `${FILE} in the current folder: ${faults.join('; ')}`,
      hint: "Each line is NAME=value, or a comment that begins with #; a value with # or of several lines stands in quotes ('), as the README shows",
    });
  }
  // Bits of others than the owner; Windows has none of them.
  const open = platform() !== 'win32' && (mode & 0o077) !== 0;
  return {
    values: parseEnv(text),
    warnings: open ? [`${FILE} holds credentials, and others may read it; chmod 600 ${FILE} changes that`] : [],
  };
}

function readFile(): { readonly text?: string; readonly mode: number } {
  try {
    const { mode } = statSync(FILE);
    return { mode, text: readFileSync(FILE, 'utf8') };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { mode: 0 };
    throw new MailroomError({
      code: 'settings',
      message: `${FILE} in the current folder cannot be read: ${message}`,
      hint: 'Make it a file that you may read, or take it away',
      cause,
    });
  }
}

const ASSIGNMENT = /^\s*(?:export +)?[A-Za-z_]\w* *= *(.*)$/;

/**
 * What is wrong with the lines of a file that `util.parseEnv` would read, which passes over what it does not know and
 * cuts values at a `#`. Line numbers alone: what stands there may be a secret.
 */
export function faultyLines(text: string): readonly string[] {
  const strange: number[] = [];
  const faults: string[] = [];
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/);
  let line = 0;
  while (line < lines.length) {
    const value = ASSIGNMENT.exec(lines[line] ?? '')?.[1]?.trimEnd();
    const start = line + 1;
    const fault = (what: string): void => void faults.push(`line ${start} ${what}`);
    if (value === undefined) {
      if (!/^\s*(#|$)/.test(lines[line] ?? '')) strange.push(start);
    } else if (/^['"`]/.test(value)) {
      const quote = value.charAt(0);
      const end = value.includes(quote, 1) ? line : lineWith(quote, lines, line + 1);
      if (end < 0) fault(`begins a value with ${quote} that has no end`);
      else {
        const last = end === line ? value.slice(1) : (lines[end] ?? '');
        if (!/^\s*(#|$)/.test(last.slice(last.indexOf(quote) + 1))) fault('has something after the closing quote');
        line = end;
      }
    } else if (/\S#/.test(value)) {
      fault('has a # in a value without quotes, which would end it');
    }
    line += 1;
  }
  return [...(strange.length === 0 ? [] : [`${listed(strange)} no assignment`]), ...faults];
}

/** The first line from a place on that holds a text; -1 for none. */
function lineWith(text: string, lines: readonly string[], from: number): number {
  for (let line = from; line < lines.length; line += 1) if (lines[line]?.includes(text)) return line;
  return -1;
}

/** `line 3 is`, `lines 3 to 5 and 9 are`. */
function listed(numbers: readonly number[]): string {
  const spans: [first: number, last: number][] = [];
  for (const number of numbers) {
    const span = spans.at(-1);
    if (span !== undefined && span[1] === number - 1) span[1] = number;
    else spans.push([number, number]);
  }
  const texts = spans.map(([first, last]) => (first === last ? String(first) : `${first} to ${last}`));
  return `${numbers.length === 1 ? 'line' : 'lines'} ${texts.join(', ')} ${numbers.length === 1 ? 'is' : 'are'}`;
}
