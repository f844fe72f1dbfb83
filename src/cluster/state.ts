import type { ClusterState } from './cluster';
import type { Annotations } from './kubernetes';

const COUNT = 'mailroom/consecutive-failures';
const LAST_SUCCESS = 'mailroom/last-success';
const LAST_FAILURE = 'mailroom/last-failure';
const LAST_ERROR = 'mailroom/last-error';

export interface ReadState {
  readonly state: ClusterState;
  /** What in the annotations makes no sense, as sentences. */
  readonly warnings: readonly string[];
}

/** The state as the annotations have it. Whatever makes no sense counts as not there. */
export function stateOf(annotations: Annotations): ReadState {
  const warnings: string[] = [];

  function count(): number {
    const text = annotations[COUNT];
    if (text === undefined) return 0;
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(number)) return number;
    warnings.push(`The annotation ${COUNT} is no count ("${text}"): counted as 0`);
    return 0;
  }

  function date(name: string): Date | undefined {
    const text = annotations[name];
    if (text === undefined) return undefined;
    const parsed = new Date(text);
    if (!Number.isNaN(parsed.getTime())) return parsed;
    warnings.push(`The annotation ${name} is no time ("${text}"): ignored`);
    return undefined;
  }

  const state = {
    consecutiveFailures: count(),
    lastSuccess: date(LAST_SUCCESS),
    lastFailure: date(LAST_FAILURE),
    lastError: annotations[LAST_ERROR],
  };
  return { state, warnings };
}

/** The annotations that a success changes. When and why a cycle last failed stays for whoever looks later. */
export function afterSuccess(now: Date): Annotations {
  return { [COUNT]: '0', [LAST_SUCCESS]: now.toISOString() };
}

/** The annotations that a failure changes, or several of them: then `now` and `reason` are those of the last one. */
export function afterFailure(before: ClusterState, now: Date, reason: string, failures = 1): Annotations {
  return {
    [COUNT]: String(before.consecutiveFailures + failures),
    [LAST_FAILURE]: now.toISOString(),
    [LAST_ERROR]: reason,
  };
}
