import type { Limits } from './session';

/**
 * How much is asked of a server at once. It begins with what the session allows; where the server refuses that all the
 * same, it falls, for the rest of the run.
 */
export interface Pace {
  /** Objects in one `/get`. */
  objectsInGet: number;
  /** Searches in one request: each is an Email/query and an Email/get. */
  searches: number;
  /** Mailboxes × addresses in the filter of one search. */
  conditions: number;
}

/**
 * Cyrus multiplies the conditions of a filter out, and takes about 300 products of a mailbox and an address before it
 * says "search too complex"; with a date about 220.
 */
const CONDITIONS = 200;

export function paceFor({ maxObjectsInGet, maxCallsInRequest }: Limits): Pace {
  return {
    objectsInGet: maxObjectsInGet,
    searches: Math.max(1, Math.floor(maxCallsInRequest / 2)),
    conditions: CONDITIONS,
  };
}

/** Asks for no more than half of what was refused from now on. */
export function slowDown(pace: Pace, what: keyof Pace, refused: number): void {
  pace[what] = Math.min(pace[what], Math.floor(refused / 2));
}
