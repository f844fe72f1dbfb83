import { ConnectionError, createFetch } from './http/fetch';

/**
 * Whoever expects to hear of each cycle, and raises the alarm when nothing comes any more. Telling it is best effort:
 * what fails is a warning.
 */
export interface Watchdog {
  /** A cycle begins. Nobody waits for the answer. */
  begins(): void;
  /** The cycle is done. Resolves after five seconds at most; never rejects. */
  isDone(): Promise<void>;
  /** The cycle has failed, for a reason that anybody may read. Resolves after five seconds at most; never rejects. */
  hasFailed(reason: string): Promise<void>;
  /** The cycle is over, and there is nothing to say of it: what was not answered by now is given up. */
  end(): void;
}

export interface WatchdogOptions {
  /** Where cycles that are done are told; `/start` and `/fail` below it, as healthchecks.io has it. It is a secret. */
  readonly url: string;
  readonly warn: (message: string) => void;
}

const TIMEOUT_MS = 5_000;

export function createWatchdog({ url, warn }: WatchdogOptions): Watchdog {
  const fetch = createFetch();
  const over = new AbortController();

  /** One attempt: the next cycle comes soon, and tells as much. */
  async function tell(what: string, target: string, signal: AbortSignal, reason?: string): Promise<void> {
    const headers = { 'user-agent': 'Mailroom', ...(reason !== undefined && { 'content-type': 'text/plain' }) };
    const request = reason === undefined ? { method: 'GET' } : { method: 'POST', body: reason };
    try {
      const { status } = await fetch(target, { ...request, headers, signal });
      if (status > 299)
        throw new ConnectionError(status < 400 ? 'it redirects, which is not followed' : `HTTP ${status}`);
    } catch (error) {
      if (over.signal.aborted && signal === over.signal) return;
      warn(`The watchdog could not be told that the cycle ${what}: ${causeOf(error)}`);
    }
  }

  /** A cycle that is over must not be said to begin. */
  function tellTheEnd(what: string, target: string, reason?: string): Promise<void> {
    over.abort();
    return tell(what, target, AbortSignal.timeout(TIMEOUT_MS), reason);
  }

  return {
    begins: () => void tell('begins', below(url, 'start'), over.signal),
    isDone: () => tellTheEnd('is done', url),
    hasFailed: (reason) => tellTheEnd('has failed', below(url, 'fail'), reason),
    end: () => over.abort(),
  };
}

/** The URL with one more step in its path, and its query. */
function below(base: string, step: string): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${step}`;
  return url.href;
}

/** Without the URL, which is a secret. */
function causeOf(error: unknown): string {
  if (error instanceof ConnectionError) return error.message;
  const { name } = error as Error;
  return name === 'TimeoutError' ? `no answer within ${TIMEOUT_MS / 1000} s` : name;
}
