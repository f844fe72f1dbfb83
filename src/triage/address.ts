/**
 * The form of an address in which two of them are compared: without regard to case, and nothing looser.
 * A character whose lower case is also that of another one (the Kelvin sign and `k`) keeps its own: look-alikes differ.
 */
export function foldAddress(address: string): string {
  if (/^[ -~]*$/.test(address)) return address.toLowerCase();
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

/** True for what a contact has as its address where it stands for all of a domain. */
export function isWholeDomain(address: string): boolean {
  return address.startsWith('*@');
}

/** The one address of a `mailto:` URI (RFC 6068, section 2), folded; null for another URI, and where there is not one address. */
export function mailtoAddress(uri: string): string | null {
  const [, to = ''] = /^mailto:([^?]*)/i.exec(uri.trim()) ?? [];
  if (to === '' || to.includes(',')) return null;
  try {
    return foldAddress(decodeURIComponent(to));
  } catch {
    return null;
  }
}
