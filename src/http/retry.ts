import { isHTTPError, isTimeoutError, type RetryOptions } from 'ky';
import { ConnectionError } from './fetch';
import type { Answer } from './messages';

/** Milliseconds. Tests shorten them. */
export interface Pauses {
  /** Before the first repetition; doubled for the second. */
  readonly backOff: number;
  /** Before a 401 is asked about again: some servers say it where they throttle logins. */
  readonly unauthorized: number;
  /** The longest that a server may ask for; beyond it the next cycle is the better retry. */
  readonly longestRetryAfter: number;
}

export const PAUSES: Pauses = { backOff: 500, unauthorized: 1_000, longestRetryAfter: 30_000 };

const REPETITIONS = 2;
/** Server errors that would come again: not implemented, HTTP version not supported, insufficient storage. */
const LASTING = new Set([501, 505, 507]);
const SERVER_ERRORS = Array.from({ length: 100 }, (_, i) => 500 + i).filter((status) => !LASTING.has(status));

/** Statuses after which nothing was done, and a repetition is safe: locked (RFC 4918), too early (RFC 8470), too many requests. */
const NOTHING_DONE: readonly number[] = [423, 425, 429];

/** Statuses that a repetition may mend: time-out, what merely came too soon, most server errors. */
export const PASSING: readonly number[] = [408, ...NOTHING_DONE, ...SERVER_ERRORS];

/** `Retry-After` in milliseconds (RFC 9110, section 10.2.3), undefined without a usable one. */
export function retryAfter(headers: Answer['headers'], now: number): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const wait = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/**
 * How ky repeats one request, of whatever method: twice at most, a time-out and a 401 once at most.
 *
 * @param repeatable false for a request that must not be sent again after a lost answer. It is still repeated after
 *   401, 423, 425 and 429, which say that nothing was done.
 */
export function retryOptions(method: string, repeatable: boolean, pauses: Pauses): RetryOptions {
  let timeouts = 0;
  let rejections = 0;
  let pause = 0;

  function mayRepeat(error: Error): boolean | undefined {
    if (isHTTPError(error)) {
      const { status, headers } = error.response;
      if (status === 401) {
        pause = pauses.unauthorized;
        rejections += 1;
        return rejections === 1;
      }
      if (!repeatable && !NOTHING_DONE.includes(status)) return false;
      // ky's own rules look at the status and wait as long as the header says.
      return (retryAfter(headers, Date.now()) ?? 0) > pauses.longestRetryAfter ? false : undefined;
    }
    if (!repeatable) return false;
    if (isTimeoutError(error)) {
      timeouts += 1;
      return timeouts === 1;
    }
    return error instanceof ConnectionError && error.retryable;
  }

  return {
    limit: REPETITIONS,
    methods: [method],
    statusCodes: [...PASSING],
    afterStatusCodes: [...PASSING],
    maxRetryAfter: pauses.longestRetryAfter,
    shouldRetry: ({ error, retryCount }) => {
      pause = pauses.backOff * 2 ** (retryCount - 1);
      return mayRepeat(error);
    },
    delay: () => pause,
    jitter: (delay) => delay * (0.75 + Math.random() / 2),
  };
}
