/**
 * What went wrong, as a fact that programs act on:
 * - `usage`: the command line makes no sense.
 * - `settings`, `credentials`, `missing`: start-up cannot succeed until somebody changes something.
 * - `transient`: network, time-out, 5xx, 429, or a conflict that outlived its retries; the next cycle may succeed.
 * - `refused`: the server refuses this one contact, group or message, and would again.
 * - `protocol`: an answer that is not what the protocol promises (a login page, a cut-off body).
 */
export type ErrorCode = 'usage' | 'settings' | 'credentials' | 'missing' | 'transient' | 'refused' | 'protocol';

export interface ErrorFacts {
  readonly code: ErrorCode;
  /** What happened, in one sentence without secrets. */
  readonly message: string;
  /** What the reader can do about it, where there is something. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The one error class that crosses Mailroom's own boundaries. Errors of libraries become one where they enter. */
export class MailroomError extends Error {
  override readonly name = 'MailroomError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor({ code, message, hint, cause }: ErrorFacts) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
  }
}

/** Exit statuses as sysexits(3) numbers them; 1 is the failure that reached the threshold. */
export const EXIT = { ok: 0, fatal: 1, usage: 64, tryAgain: 75, configuration: 78 } as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

const EXIT_STATUS: Readonly<Record<ErrorCode, ExitStatus>> = {
  usage: EXIT.usage,
  settings: EXIT.configuration,
  credentials: EXIT.configuration,
  missing: EXIT.configuration,
  transient: EXIT.tryAgain,
  refused: EXIT.tryAgain,
  protocol: EXIT.tryAgain,
};

/** The exit status of a failure that nothing counts. Whatever is no {@link MailroomError} is a defect: try again. */
export function exitStatusOf(error: unknown): ExitStatus {
  return error instanceof MailroomError ? EXIT_STATUS[error.code] : EXIT.tryAgain;
}

/** True when the next cycle may succeed where this one failed. */
export function isTransient(error: unknown): boolean {
  return error instanceof MailroomError && error.code === 'transient';
}
