/**
 * The form of an address in which two of them are compared: without regard to case, and nothing looser.
 * A character whose lower case is also that of another one (the Kelvin sign and `k`) keeps its own: look-alikes differ.
 */
export function foldAddress(address: string): string {
  return Array.from(address, (character) => {
    const lower = character.toLowerCase();
    return lower.toUpperCase() === character ? lower : character;
  }).join('');
}

/**
 * What a contact has as its address where it stands for all of an address's domain: mail servers that know contacts in
 * rules (Cyrus, Fastmail) take it for every address of exactly this domain, and none of its subdomains.
 */
export function wholeDomainOf(address: string): string {
  return `*@${domainOf(address)}`;
}

/** What stands behind the last `@` of an address. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
