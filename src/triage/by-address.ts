import { foldAddress } from './address';
import type { Contact } from './contact';

/** Folded address → the contacts with it, for the addresses that were asked for. */
export function byAddress(
  contacts: readonly Contact[],
  isAsked: (address: string) => boolean,
): ReadonlyMap<string, readonly Contact[]> {
  const found = new Map<string, Contact[]>();
  for (const contact of contacts) {
    for (const address of new Set(contact.addresses.map(foldAddress))) {
      if (isAsked(address)) found.set(address, [...(found.get(address) ?? []), contact]);
    }
  }
  return found;
}
