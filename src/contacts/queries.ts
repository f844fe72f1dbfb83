import { DAVNamespace, getDAVAttribute } from 'tsdav';
import { cleanText } from '../triage/card-text';
import { escapeText } from './text-value';

/** A condition on one property (RFC 6352, section 10.5.1): it is there, or missing, or one of its values matches one of the texts. */
export interface PropertyFilter {
  readonly name: string;
  readonly match: 'equals' | 'contains' | 'defined' | 'missing';
  readonly texts?: readonly string[];
}

/** What is wanted of cards. */
export interface CardData {
  /** Names of the vCard properties. Servers may send more. */
  readonly properties: readonly string[];
  /** The version of vCard in which the server is to show them; without it the server's own choice. */
  readonly version?: '4.0';
}

export interface CardQuery extends CardData {
  /** Whether a card must pass one filter or all of them. */
  readonly test: 'anyof' | 'allof';
  readonly filters: readonly PropertyFilter[];
}

/** A request as tsdav writes it (xml-js, compact): elements by name, `_attributes` and `_text`. */
export type DavBody = Readonly<Record<string, unknown>>;

const _attributes = getDAVAttribute([DAVNamespace.DAV, DAVNamespace.CARDDAV]);

/** The body of a PROPFIND. Names have the prefixes `d:` and `card:`. */
export function propfind(names: readonly string[]): DavBody {
  return { 'd:propfind': { _attributes, 'd:prop': Object.fromEntries(names.map((name) => [name, {}])) } };
}

/** The body of an addressbook-query (RFC 6352, section 8.6). */
export function addressbookQuery({ test, filters, ...data }: CardQuery): DavBody {
  const filter = { _attributes: { test }, 'card:prop-filter': filters.flatMap((one) => propFilters(one, test)) };
  return { 'card:addressbook-query': { _attributes, 'd:prop': wanted(data), 'card:filter': filter } };
}

/** The length tells whether what comes is what is kept. */
const WHOLE: DavBody = { 'd:getetag': {}, 'd:getcontentlength': {}, 'card:address-data': {} };

/** The body of an addressbook-multiget (RFC 6352, section 8.7), for whole cards where nothing else is said. */
export function addressbookMultiget(urls: readonly URL[], data?: CardData): DavBody {
  return {
    'card:addressbook-multiget': {
      _attributes,
      'd:prop': data === undefined ? WHOLE : wanted(data),
      'd:href': urls.map(({ pathname, search }) => text(pathname + search)),
    },
  };
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

function wanted({ properties, version }: CardData): DavBody {
  if (properties.length === 0) return { 'd:getetag': {} };
  const names = properties.map((name) => ({ _attributes: { name } }));
  const type = version === undefined ? {} : { _attributes: { 'content-type': 'text/vcard', version } };
  return { 'd:getetag': {}, 'card:address-data': { ...type, 'card:prop': names } };
}

/** Alternatives are filters of their own where they can be: Xandikos takes several texts in one for conditions. */
function propFilters(filter: PropertyFilter, test: CardQuery['test']): readonly DavBody[] {
  if (test === 'allof' || filter.texts === undefined) return [propFilter(filter)];
  return filter.texts.map((wantedText) => propFilter({ ...filter, texts: [wantedText] }));
}

function propFilter({ name, match, texts = [] }: PropertyFilter): DavBody {
  if (match === 'missing') return { _attributes: { name }, 'card:is-not-defined': {} };
  if (match === 'defined') return { _attributes: { name } };
  const matches = texts.map((wantedText) => ({
    _attributes: { collation: 'i;unicode-casemap', 'match-type': match },
    ...text(wantedText),
  }));
  return { _attributes: { name, test: 'anyof' }, 'card:text-match': matches };
}

/** xml-js escapes text, but not what looks as if it were escaped already. Attributes it does not escape: ours are constants. */
function text(value: string): DavBody {
  return { _text: cleanText(value).replaceAll('&', '&amp;') };
}
