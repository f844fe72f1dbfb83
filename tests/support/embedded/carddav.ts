import { testOfCard } from './card-filter';
import { brokenPrecondition, type CardStore, type StoredCard } from './card-store';
import { decodedPath, type Place, placeAt } from './dav-places';
import { multistatus, type PropertyValues, propertiesOf, responseOf, statusOf } from './multistatus';
import { convertCard, frame, selectProperties } from './vcard-text';
import { childNamed, childrenNamed, type Element, parseXml } from './xml';

export interface DavRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface DavAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const VCARD = 'text/vcard; charset=utf-8';
const XML = { 'content-type': 'application/xml; charset=utf-8' };

/** Answers one request of the user's to the CardDAV side (RFC 6352, RFC 4918). */
export function answerDav(username: string, store: CardStore, request: DavRequest): DavAnswer {
  const place = placeAt(username, store, request.path);
  if (place === undefined) return { status: 404 };
  switch (request.method) {
    case 'PROPFIND':
      return propfind(username, store, place, request);
    case 'REPORT':
      return place.kind === 'book' ? report(place, request) : { status: 403 };
    case 'MKCOL':
      return makeBook(store, place, request);
    case 'GET':
    case 'HEAD':
      return get(place, request);
    case 'PUT':
      return put(store, place, request);
    case 'DELETE':
      return remove(store, place, request);
    default:
      return { status: 405 };
  }
}

function propfind(username: string, store: CardStore, place: Place, { headers, body }: DavRequest): DavAnswer {
  const root = body === '' ? undefined : parseXml(body);
  if (body !== '' && root === undefined) return { status: 400 };
  const wanted = childNamed(root, 'prop')?.children.map(({ name }) => name) ?? null;
  const places = headers.depth === '0' ? [place] : [place, ...childrenOf(store, place)];
  const responses = places
    .filter((each) => each.kind !== 'card' || each.card !== undefined)
    .map((each) => responseOf(each.href, propertiesOf(username, store, each), wanted));
  return { status: 207, headers: XML, body: multistatus(responses) };
}

function childrenOf(store: CardStore, place: Place): readonly Place[] {
  if (place.kind === 'home')
    return [...store.books.values()].map((book) => ({ kind: 'book', href: `${place.href}${book.name}/`, book }));
  return place.kind === 'book' ? cardsOf(place) : [];
}

function cardsOf({ href, book }: Place & { readonly kind: 'book' }): readonly (Place & { readonly kind: 'card' })[] {
  return Array.from(book.cards, ([name, card]) => ({
    kind: 'card',
    href: href + encodeURIComponent(name),
    book,
    name,
    card,
  }));
}

function report(place: Place & { readonly kind: 'book' }, { body }: DavRequest): DavAnswer {
  const root = parseXml(body);
  if (root === undefined) return { status: 400 };
  const wanted = childNamed(root, 'prop');
  if (root.name === 'addressbook-query') {
    const isWanted = testOfCard(childNamed(root, 'filter'));
    const found = cardsOf(place).filter(({ card }) => isWanted(card?.lines ?? []));
    return {
      status: 207,
      headers: XML,
      body: multistatus(found.map((each) => cardResponse(each.href, each.card as StoredCard, wanted))),
    };
  }
  if (root.name !== 'addressbook-multiget') return precondition('supported-report', 'D');
  const folder = decodedPath(place.href) ?? '';
  const responses = childrenNamed(root, 'href').map(({ text }) => {
    const path = decodedPath(text);
    if (path === undefined) return statusOf(text, 403);
    const card = path.startsWith(folder) ? place.book.cards.get(path.slice(folder.length)) : undefined;
    return card === undefined ? statusOf(text, 404) : cardResponse(text, card, wanted);
  });
  return { status: 207, headers: XML, body: multistatus(responses) };
}

function cardResponse(href: string, card: StoredCard, wanted: Element | undefined): string {
  const values: PropertyValues = {
    getetag: { text: card.etag },
    getcontenttype: { text: VCARD },
    getcontentlength: { text: String(Buffer.byteLength(card.text)) },
  };
  const data = childNamed(wanted, 'address-data');
  const names = wanted?.children.map(({ name }) => name) ?? [];
  const served = data === undefined ? {} : { 'address-data': { cdata: servedText(card, data) } };
  return responseOf(href, { ...values, ...served }, names);
}

/** In version 3.0 unless 4.0 is asked for; whole unless properties are named. */
function servedText(card: StoredCard, data: Element): string {
  const version = data.attributes.version === '4.0' ? '4.0' : '3.0';
  const names = childrenNamed(data, 'prop').map(({ attributes }) => attributes.name ?? '');
  return names.length === 0
    ? wholeText(card, version)
    : frame(selectProperties(convertCard(card.lines, version), names));
}

/** As it was put, unless in the other version. */
function wholeText({ text, lines }: StoredCard, version: string): string {
  const converted = convertCard(lines, version);
  return converted === lines ? text : frame(converted);
}

function get(place: Place, { headers }: DavRequest): DavAnswer {
  if (place.kind !== 'card' || place.card === undefined)
    return { status: 404, headers: { 'content-type': 'text/html' }, body: '<p>Not Found</p>' };
  const version = /version=4\.0/.test(String(headers.accept)) ? '4.0' : '3.0';
  return {
    status: 200,
    headers: { 'content-type': VCARD, etag: place.card.etag },
    body: wholeText(place.card, version),
  };
}

function put(store: CardStore, place: Place, { headers, body }: DavRequest): DavAnswer {
  if (place.kind !== 'card') return { status: 403 };
  if (isPreconditionFalse(place.card, headers)) return { status: 412 };
  if (!String(headers['content-type'] ?? 'text/vcard').startsWith('text/vcard'))
    return precondition('supported-address-data');
  const broken = brokenPrecondition(place.book, place.name, body);
  if (broken !== undefined) return precondition(broken);
  const { etag } = store.put(place.book, place.name, body);
  return { status: place.card === undefined ? 201 : 204, headers: { etag } };
}

function remove(store: CardStore, place: Place, { headers }: DavRequest): DavAnswer {
  if (place.kind !== 'card') return { status: 403 };
  if (place.card === undefined) return { status: 404 };
  if (isPreconditionFalse(place.card, headers)) return { status: 412 };
  store.delete(place.book, place.name);
  return { status: 204 };
}

/** Extended MKCOL (RFC 5689), for another address book. */
function makeBook(store: CardStore, place: Place, { path, body }: DavRequest): DavAnswer {
  if (place.kind !== 'missing-book') return { status: 405 };
  const properties = childNamed(childNamed(parseXml(body), 'set'), 'prop');
  const [name = ''] = decodeURIComponent(path).split('/').filter(Boolean).slice(-1);
  store.addBook(name, childNamed(properties, 'displayname')?.text ?? name);
  return { status: 201 };
}

/** If-Match and If-None-Match (RFC 9110, section 13.1). */
function isPreconditionFalse(card: StoredCard | undefined, headers: DavRequest['headers']): boolean {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined && (card === undefined || (match !== '*' && match !== card.etag))) return true;
  return noneMatch !== undefined && card !== undefined && (noneMatch === '*' || noneMatch === card.etag);
}

function precondition(name: string, prefix = 'C'): DavAnswer {
  const body = `<?xml version="1.0" encoding="utf-8"?>\n<D:error xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><${prefix}:${name}/></D:error>`;
  return { status: 403, headers: XML, body };
}
