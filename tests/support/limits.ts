/** The limits of a JMAP session (RFC 8620, section 2), enforced. */
export interface Limits {
  readonly maxSizeRequest: number;
  readonly maxConcurrentRequests: number;
  readonly maxCallsInRequest: number;
  readonly maxObjectsInGet: number;
  readonly maxObjectsInSet: number;
}

/** Those of Cyrus. */
export const DEFAULT_LIMITS: Limits = {
  maxSizeRequest: 10_485_760,
  maxConcurrentRequests: 5,
  maxCallsInRequest: 50,
  maxObjectsInGet: 4096,
  maxObjectsInSet: 4096,
};
