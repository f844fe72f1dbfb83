import { foldAddress } from './address';
import type { Contact } from './contact';

/** Folded address → the contacts with it, for the addresses that were asked for. */
export function byAddress<T extends Pick<Contact, 'addresses'>>(
  contacts: readonly T[],
  isAsked: (address: string) => boolean,
): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const contact of contacts) {
    for (const address of new Set(contact.addresses.map(foldAddress))) {
      if (isAsked(address)) found.set(address, [...(found.get(address) ?? []), contact]);
    }
  }
  return found;
}
