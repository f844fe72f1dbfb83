/** The limits of a JMAP session (RFC 8620, section 2), enforced. */
export interface Limits {
  readonly maxSizeRequest: number;
  readonly maxConcurrentRequests: number;
  readonly maxCallsInRequest: number;
  readonly maxObjectsInGet: number;
  readonly maxObjectsInSet: number;
  /** The most ids that one query answers, whatever it asks for: no part of the session, found out by paging. */
  readonly maxIdsInQuery: number;
}

/** Those of Cyrus. */
export const DEFAULT_LIMITS: Limits = {
  maxSizeRequest: 10_485_760,
  maxConcurrentRequests: 5,
  maxCallsInRequest: 50,
  maxObjectsInGet: 4096,
  maxObjectsInSet: 4096,
  maxIdsInQuery: Number.POSITIVE_INFINITY,
};
