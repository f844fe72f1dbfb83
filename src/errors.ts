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

/**
 * Exit statuses as sysexits(3) numbers them. 1 is a plain no: the failure that reached the threshold, cycles that do not
 * succeed, a person who declines. 130 is what shells give to a program that Ctrl-C ended.
 */
export const EXIT = {
  ok: 0,
  fatal: 1,
  declined: 1,
  usage: 64,
  output: 74,
  tryAgain: 75,
  configuration: 78,
  interrupted: 130,
} as const;

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

/**
 * The faults of things that were tried side by side, as one error that names them all. Its code is that of the fault
 * that no retry mends, where there is one. Whatever is no {@link MailroomError} is a defect and comes first.
 */
export function combineErrors(errors: readonly [unknown, ...unknown[]]): unknown {
  const known = errors.filter((error) => error instanceof MailroomError);
  if (errors.length === 1 || known.length < errors.length) {
    return errors.find((error) => !(error instanceof MailroomError)) ?? errors[0];
  }
  const worst = known.find((error) => exitStatusOf(error) === EXIT.configuration) ?? known[0];
  const sentences = known.map(({ message, hint }) =>
    hint === undefined ? message : `${withoutStop(message)} (${withoutStop(hint)})`,
  );
  return new MailroomError({
    code: worst?.code ?? 'transient',
    message: sentences.map(withoutStop).join('; '),
    cause: new AggregateError(known),
  });
}

/** Both results of what was begun side by side. The faults of both are thrown as one ({@link combineErrors}). */
export async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<readonly [A, B]> {
  const ends = await Promise.allSettled([one, other]);
  const [first, ...others] = ends.flatMap((end): unknown[] => (end.status === 'rejected' ? [end.reason] : []));
  if (first !== undefined) throw combineErrors([first, ...others]);
  return Promise.all([one, other]);
}

/** What happened and what to do about it, in one line: the log's last line and the pod's termination message. */
export function describeError(error: unknown): string {
  if (error instanceof MailroomError) {
    return [error.message, error.hint].flatMap((part) => (part ? withStop(part) : [])).join(' ');
  }
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `Mailroom has a defect: ${reason}. Please report it; MAILROOM_LOG_LEVEL=debug shows where it is.`;
}

function withStop(sentence: string): string {
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
