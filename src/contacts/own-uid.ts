import { parse, v5 } from 'uuid';

/** Never to be changed: Mailroom knows its own contacts again by UIDs made in this namespace. */
const NAMESPACE = parse('d887a166-1887-4b9e-8aa6-148a6a4744ae');

/** The highest attempt that anybody makes. */
const MOST_ATTEMPTS = 5;

/**
 * The UID of Mailroom's own contact for a folded address (UUIDv5, RFC 9562, section 5.5): two runs at once, or a run
 * after a crash, name the same resource. Attempts above 0 give further UIDs for when the user has turned the contact
 * of an earlier one into somebody else's.
 */
export function ownUid(address: string, attempt: number): string {
  return v5(attempt === 0 ? address : `${address} ${attempt}`, NAMESPACE);
}

/** All UIDs that a contact of Mailroom's own for this address can have. */
export function ownUids(address: string): readonly string[] {
  return Array.from({ length: MOST_ATTEMPTS + 1 }, (_, attempt) => ownUid(address, attempt));
}
