import { cleanText } from '../triage/card-text';
import { escapeText } from './text-value';

/** A condition on one property (RFC 6352, section 10.5.1): it is missing, or one of its values matches one of the texts. */
export interface PropertyFilter {
  readonly name: string;
  readonly match: 'equals' | 'contains' | 'missing';
  readonly texts?: readonly string[];
}

export interface CardQuery {
  /** Whether a card must pass one filter or all of them. */
  readonly test: 'anyof' | 'allof';
  readonly filters: readonly PropertyFilter[];
  /** Names of the vCard properties wanted. Servers may send more. */
  readonly properties: readonly string[];
}

const NAMESPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"';
const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';

/** The body of a PROPFIND. Names without a prefix are WebDAV's own. */
export function propfind(names: readonly string[]): string {
  const wanted = names.map((name) => `<${name.includes(':') ? name : `d:${name}`}/>`).join('');
  return `${DECLARATION}<d:propfind ${NAMESPACES}><d:prop>${wanted}</d:prop></d:propfind>`;
}

/** The body of an addressbook-query (RFC 6352, section 8.6). */
export function addressbookQuery({ test, filters, properties }: CardQuery): string {
  const filter = `<c:filter test="${test}">${filters.map(propFilter).join('')}</c:filter>`;
  return `${DECLARATION}<c:addressbook-query ${NAMESPACES}>${wanted(properties)}${filter}</c:addressbook-query>`;
}

/** The body of an addressbook-multiget for whole cards (RFC 6352, section 8.7). */
export function addressbookMultiget(urls: readonly URL[]): string {
  const hrefs = urls.map((url) => `<d:href>${escapeXml(url.pathname + url.search)}</d:href>`).join('');
  const prop = '<d:prop><d:getetag/><c:address-data/></d:prop>';
  return `${DECLARATION}<c:addressbook-multiget ${NAMESPACES}>${prop}${hrefs}</c:addressbook-multiget>`;
}

/**
 * The spellings under which a server may keep a text: as written, and escaped as in the card. Beyond ASCII many servers
 * distinguish case, so that also all of it in lower and in upper case.
 */
export function spellings(text: string): readonly string[] {
  const plain = cleanText(text);
  const cases = /^[\x20-\x7e]*$/.test(plain) ? [plain] : [plain, plain.toLowerCase(), plain.toUpperCase()];
  return [...new Set(cases.flatMap((spelling) => [spelling, escapeText(spelling)]))];
}

function wanted(properties: readonly string[]): string {
  if (properties.length === 0) return '<d:prop><d:getetag/></d:prop>';
  const names = properties.map((name) => `<c:prop name="${name}"/>`).join('');
  return `<d:prop><d:getetag/><c:address-data>${names}</c:address-data></d:prop>`;
}

function propFilter({ name, match, texts = [] }: PropertyFilter): string {
  if (match === 'missing') return `<c:prop-filter name="${name}"><c:is-not-defined/></c:prop-filter>`;
  const matches = texts.map(
    (text) => `<c:text-match collation="i;unicode-casemap" match-type="${match}">${escapeXml(text)}</c:text-match>`,
  );
  return `<c:prop-filter name="${name}" test="anyof">${matches.join('')}</c:prop-filter>`;
}

function escapeXml(text: string): string {
  return cleanText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
