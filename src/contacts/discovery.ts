import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import { printable } from '../http/confidential';
import { type DavAnswer, type DavElement, davAnswer, unexpected } from './dav';
import { resolveHref, resolveReference } from './href';
import { carddav, children, dav, hasChild, textOf } from './multistatus';
import { propfind } from './queries';
import type { XmlElement } from './xml-reader';

/** Where contacts are kept. */
export interface Book {
  readonly url: URL;
  readonly writable: boolean;
  /** True where the server knows vCard 4.0 beside 3.0, and may show a card in the other version than it is kept in. */
  readonly converts: boolean;
}

export interface BookSearch {
  readonly url: URL;
  /** For messages. */
  readonly username: string;
  readonly http: HttpClient;
}

interface Home {
  readonly url: URL;
  readonly principal: URL | null;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_REDIRECTS = 5;
/** What a server says where there is no CardDAV. */
const NOTHING_HERE = [404, 405, 410, 501];

/**
 * Finds the user's own default address book (RFC 6764, section 6; RFC 6352, section 7): three PROPFINDs, and one more
 * request for each redirect.
 *
 * @throws MailroomError `settings`, `credentials`, `missing`, `protocol` or `transient`
 */
export async function findBook({ url, username, http }: BookSearch): Promise<Book> {
  const home = await findHome(url, http);
  const answer = await ask(
    home.url,
    '1',
    ['d:resourcetype', 'd:owner', 'd:current-user-privilege-set', 'card:supported-address-data'],
    http,
  );
  const books = multistatus(answer, http).filter(({ properties }) =>
    hasChild(properties.get(dav('resourcetype')), carddav('addressbook')),
  );
  const own = books.filter((book) => isOwn(book, home));
  const writable = own.filter(isWritable);
  const candidates = writable.length > 0 ? writable : own;
  const book = candidates.find(({ url: { pathname } }) => /\/default\/?$/i.test(pathname)) ?? candidates[0];
  if (book === undefined) {
    throw new MailroomError({
      code: 'missing',
      message: `CardDAV: ${username} has no address book of their own in ${printable(home.url)}`,
      hint: 'Look at MAILROOM_CARDDAV_URL and MAILROOM_CARDDAV_USERNAME.',
    });
  }
  const supported = book.properties.get(carddav('supported-address-data'));
  return {
    url: asFolder(book.url),
    writable: isWritable(book),
    converts: children(supported, carddav('address-data-type')).some(
      ({ attributes }) => attributes['version'] === '4.0',
    ),
  };
}

const HOME_SET = 'card:addressbook-home-set';

/** The user's collection of address books. Servers that name it at once save the way over the principal. */
async function findHome(url: URL, http: HttpClient): Promise<Home> {
  for (const start of startingPoints(url)) {
    const answer = await ask(start, '0', ['d:current-user-principal', HOME_SET], http);
    if (NOTHING_HERE.includes(answer.status)) continue;
    const elements = multistatus(answer, http);
    const named = property(elements, dav('current-user-principal'));
    const principal = hrefIn(named, answer.url, http);
    const home = hrefIn(property(elements, carddav('addressbook-home-set')), answer.url, http);
    if (home !== null) return { url: home, principal };
    if (principal !== null) return { url: await homeOf(principal, http), principal };
    if (hasChild(named, dav('unauthenticated'))) {
      throw http.credentialsError(`${printable(answer.url)} takes Mailroom for nobody in particular`);
    }
  }
  throw http.settingsError(`no address books are to be found from ${printable(url)}`);
}

async function homeOf(principal: URL, http: HttpClient): Promise<URL> {
  const answer = await ask(principal, '0', [HOME_SET], http);
  const home = hrefIn(property(multistatus(answer, http), carddav('addressbook-home-set')), answer.url, http);
  if (home !== null) return home;
  throw http.settingsError(`${printable(principal)} has no address books`);
}

/** A URL without a path stands for its host (RFC 6764, section 5); one with a path is where the user says it is. */
function startingPoints(url: URL): readonly URL[] {
  const wellKnown = new URL('/.well-known/carddav', url);
  return url.pathname === '/' ? [wellKnown, url] : [url, wellKnown];
}

/** PROPFIND, with redirects followed on the same server: tsdav and fetch would follow them anywhere. */
async function ask(
  url: URL,
  depth: '0' | '1',
  properties: readonly string[],
  http: HttpClient,
  redirectsLeft = MOST_REDIRECTS,
): Promise<DavAnswer<DavElement>> {
  const answer = await davAnswer(
    http,
    { method: 'PROPFIND', url, depth, body: propfind(properties) },
    (element) => element,
  );
  if (!REDIRECTS.includes(answer.status) || answer.location === null) return answer;
  const target = resolveReference(answer.location, url);
  if (!http.isSameServer(target)) {
    throw new MailroomError({
      code: 'settings',
      message: `CardDAV: ${printable(url)} redirects to ${target.origin}, where the credentials are not meant for`,
      hint: `If that is your server, set MAILROOM_CARDDAV_URL to ${printable(target)}`,
    });
  }
  if (redirectsLeft === 0) {
    throw new MailroomError({
      code: 'protocol',
      message: `CardDAV: too many redirects, the last to ${printable(target)}`,
    });
  }
  return ask(target, depth, properties, http, redirectsLeft - 1);
}

function multistatus(answer: DavAnswer<DavElement>, http: HttpClient): readonly DavElement[] {
  if (answer.status === 207) return answer.found;
  if (answer.status === 403) {
    throw http.credentialsError(`access to ${printable(answer.url)} is refused (HTTP 403)`);
  }
  if (NOTHING_HERE.includes(answer.status)) {
    throw http.settingsError(`${printable(answer.url)} is not there (HTTP ${answer.status})`);
  }
  throw unexpected('PROPFIND', answer);
}

function property(elements: readonly DavElement[], name: string): XmlElement | undefined {
  return elements.map(({ properties }) => properties.get(name)).find((element) => element !== undefined);
}

function hrefIn(property: XmlElement | undefined, base: URL, http: HttpClient): URL | null {
  const [href] = children(property, dav('href'));
  return href === undefined ? null : asFolder(resolveHref(textOf(href), base, http));
}

/** Shared books belong to somebody else. A server that names no owner shows own books alone. */
function isOwn({ url, properties }: DavElement, { principal }: Home): boolean {
  const [href] = children(properties.get(dav('owner')), dav('href'));
  if (href === undefined || principal === null) return true;
  const owner = textOf(href);
  return URL.canParse(owner, url.href) && asFolder(new URL(owner, url)).pathname === principal.pathname;
}

/** RFC 3744, section 3. A server that says nothing of privileges lets everybody in who has the password. */
function isWritable({ properties }: DavElement): boolean {
  const set = properties.get(dav('current-user-privilege-set'));
  if (set === undefined) return true;
  const privileges = children(set, dav('privilege'));
  const has = (name: string) => privileges.some((privilege) => hasChild(privilege, dav(name)));
  return has('all') || has('write') || (has('write-content') && has('bind'));
}

/** With the slash at its end that a collection's URL has, and that relative names need. */
function asFolder(url: URL): URL {
  return url.pathname.endsWith('/') ? url : new URL(`${url.pathname}/`, url);
}
