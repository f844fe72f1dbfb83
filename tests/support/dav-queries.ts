export const NAMESPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"';

export interface Query {
  readonly filters: readonly string[];
  readonly test?: 'anyof' | 'allof';
  readonly data?: string;
}

/** The body of an addressbook-query (RFC 6352, section 8.6). */
export function addressbookQuery({ filters, test = 'anyof', data = '<c:address-data/>' }: Query): string {
  const prop = `<d:prop><d:getetag/>${data}</d:prop>`;
  const filter = `<c:filter test="${test}">${filters.join('')}</c:filter>`;
  return `<c:addressbook-query ${NAMESPACES}>${prop}${filter}</c:addressbook-query>`;
}

/** The body of an addressbook-multiget (RFC 6352, section 8.7). */
export function multiget(...paths: readonly string[]): string {
  const hrefs = paths.map((path) => `<d:href>${path}</d:href>`).join('');
  return `<c:addressbook-multiget ${NAMESPACES}><d:prop><d:getetag/><c:address-data/></d:prop>${hrefs}</c:addressbook-multiget>`;
}

export function has(name: string, text: string, matchType = 'equals', collation = 'i;unicode-casemap'): string {
  const match = `<c:text-match collation="${collation}" match-type="${matchType}">${text}</c:text-match>`;
  return `<c:prop-filter name="${name}">${match}</c:prop-filter>`;
}

export function hasNot(name: string): string {
  return `<c:prop-filter name="${name}"><c:is-not-defined/></c:prop-filter>`;
}

/** The vCards of a multistatus, with line ends of the kind that is easy to write. */
export function cardsIn(multistatus: string): readonly string[] {
  return Array.from(multistatus.matchAll(/BEGIN:VCARD[\s\S]*?END:VCARD/g), ([card]) =>
    card.replaceAll('&#13;', '').replaceAll('\r\n', '\n'),
  );
}
