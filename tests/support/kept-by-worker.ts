declare global {
  /** Set by jest's environment (environment.cjs); elsewhere nothing outlives its caller. */
  var keptValues: Map<string, unknown> | undefined;
}

/**
 * What each of jest's workers needs once for all its suites, made for the first that asks. A suite gets modules of its
 * own, so that a variable of a module does not last.
 */
export function keptByWorker<T>(key: string, make: () => T): T {
  const kept = globalThis.keptValues ?? new Map<string, unknown>();
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key) as T;
}
