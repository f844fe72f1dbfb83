import { types } from 'node:util';
import { describeError, EXIT, exitStatusOf, MailroomError } from '../../errors';

/** One thing that was looked at. A fault stops a cycle; a warning merely looks wrong; skipped: it could not be seen. */
export interface Finding {
  /** For programs: the same for every finding about the same thing. */
  readonly subject: string;
  readonly state: 'passed' | 'fault' | 'warning' | 'skipped';
  /** One sentence without its full stop. */
  readonly message: string;
  /** The way out. */
  readonly hint?: string;
  /** Of a fault: true where it may pass without anybody's doing. */
  readonly passing?: boolean;
}

export function passed(subject: string, message: string): Finding {
  return { subject, state: 'passed', message };
}

export function skipped(subject: string, message: string): Finding {
  return { subject, state: 'skipped', message };
}

export function warning(subject: string, message: string, hint?: string): Finding {
  return { subject, state: 'warning', message, ...(hint === undefined ? {} : { hint }) };
}

/** What an error means for a cycle. */
export function fault(subject: string, error: unknown): Finding {
  const known = types.isNativeError(error) && error instanceof MailroomError;
  const hint = known ? error.hint : undefined;
  return {
    subject,
    state: 'fault',
    passing: exitStatusOf(error) === EXIT.tryAgain,
    message: (known ? error.message : describeError(error)).replace(/\.$/, ''),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** Names in one line; more say no more. */
const MOST_NAMES = 5;

export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
