import { randomUUID } from 'node:crypto';
import type { BookAccount } from './account';
import { inParallel } from './batches';
import { childNamed, childrenNamed, type Element, parseXml } from './embedded/xml';
import { type Send, type SentAnswer, type SentRequest, sendByFewConnections } from './few-connections';

/** A card as the server holds it. */
export interface SeenCard {
  readonly href: string;
  readonly etag: string;
  /** The vCard in version 3.0. */
  readonly text: string;
}

export interface SeedGroup {
  readonly name: string;
  /** UIDs. */
  readonly members?: readonly string[];
  readonly uid?: string;
  /** 3.0 is the Apple style of group, 4.0 has KIND and MEMBER. */
  readonly version?: '3.0' | '4.0';
  /** Further content lines. */
  readonly lines?: readonly string[];
}

/** Seeds and looks at an account's address book by plain CardDAV, independent of Mailroom's own adapter. */
export interface CardDriver {
  /** Stores the vCard under `name` (its UID otherwise), and gives its href. Line ends may be bare LF. */
  putCard(text: string, name?: string): Promise<string>;
  /** Stores many. */
  putCards(texts: readonly string[]): Promise<void>;
  /** The same for many: in one request where the server takes them so, as Cyrus does, which then names them itself. */
  addCards(texts: readonly string[]): Promise<void>;
  /**
   * The card's text; undefined where there is no such card. Servers convert what is stored in another version: ask for
   * the one in which the card was put.
   */
  getCard(href: string, version?: '3.0' | '4.0'): Promise<string | undefined>;
  /** Makes another address book, and gives its URL. */
  makeBook(name: string): Promise<string>;
  deleteCard(href: string): Promise<void>;
  /** Every card, groups too, in the order of their hrefs. */
  cards(): Promise<readonly SeenCard[]>;
  /** The one card that is no group and has this address. */
  contactOf(address: string): Promise<SeenCard>;
  makeGroup(group: SeedGroup): Promise<string>;
  /** Makes empty ones, as {@link addCards} does. */
  makeGroups(names: readonly string[]): Promise<void>;
  /** Adds a member to the one group of that name, as the user does by hand. */
  addMember(name: string, uid: string): Promise<void>;
  /** Name → UIDs of the members, without `urn:uuid:`, in their order. */
  groups(): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Every ETag: changes whenever a card does. */
  cardState(): Promise<string>;
}

const CARDDAV = 'urn:ietf:params:xml:ns:carddav';

/** @param send carries the requests */
export function openCardDriver(account: BookAccount, send: Send = sendByFewConnections): CardDriver {
  const { username, password, bookUrl, takesManyCards } = account;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

  async function request(method: string, href: string, init: SentRequest = {}): Promise<SentAnswer> {
    return send(new URL(href, bookUrl), { ...init, method, headers: { authorization, ...init.headers } });
  }

  async function putCard(text: string, name = `${propertyOf(text, 'UID')}.vcf`): Promise<string> {
    const href = new URL(encodeURIComponent(name), bookUrl).pathname;
    const body = withCrlf(text);
    const response = await request('PUT', href, { body, headers: { 'content-type': 'text/vcard; charset=utf-8' } });
    const answer = await response.text();
    if (!response.ok) throw new Error(`PUT ${href}: HTTP ${response.status} ${answer}`);
    return href;
  }

  async function getCard(href: string, version = '3.0'): Promise<string | undefined> {
    const response = await request('GET', href, { headers: { accept: `text/vcard; version=${version}` } });
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`GET ${href}: HTTP ${response.status}`);
    return text;
  }

  /** The cards of a multistatus, in the order of their hrefs. */
  async function listed(method: string, body: string): Promise<readonly SeenCard[]> {
    const response = await request(method, bookUrl, {
      body,
      headers: { depth: '1', 'content-type': 'application/xml' },
    });
    const xml = await response.text();
    const root = parseXml(xml);
    if (response.status !== 207 || root === undefined)
      throw new Error(`${method} ${bookUrl}: HTTP ${response.status} ${xml}`);
    return childrenNamed(root, 'response')
      .map(seenIn)
      .filter(({ href }) => !href.endsWith('/'))
      .sort((one, other) => (one.href < other.href ? -1 : 1));
  }

  async function cards(): Promise<readonly SeenCard[]> {
    const prop = '<prop><getetag/><C:address-data content-type="text/vcard" version="3.0"/></prop>';
    const query = `<C:addressbook-query xmlns="DAV:" xmlns:C="${CARDDAV}">${prop}<C:filter/></C:addressbook-query>`;
    const found = await listed('REPORT', query);
    const bare = found.find(({ text }) => text === '');
    if (bare !== undefined) throw new Error(`The server gives nothing of ${bare.href}`);
    return found;
  }

  async function groupCards(): Promise<readonly SeenCard[]> {
    return (await cards()).filter(({ text }) => /^(X-ADDRESSBOOKSERVER-)?KIND:group\r?$/im.test(text));
  }

  async function putCards(texts: readonly string[]): Promise<void> {
    await inParallel(texts, 4, (text) => putCard(text));
  }

  async function addCards(texts: readonly string[]): Promise<void> {
    if (!takesManyCards) return putCards(texts);
    const [body, headers] = [texts.map(withCrlf).join(''), { 'content-type': 'text/vcard; charset=utf-8' }];
    const response = await request('POST', bookUrl, { body, headers });
    const answer = await response.text();
    const added = childrenNamed(parseXml(answer), 'response').filter((each) => seenIn(each).etag !== '').length;
    if (added !== texts.length) throw new Error(`Of ${texts.length} cards ${added} were added: ${answer}`);
  }

  return {
    putCard,
    putCards,
    addCards,
    getCard,
    async makeBook(name) {
      const url = new URL(`../${encodeURIComponent(name)}/`, bookUrl).href;
      const type = '<resourcetype><collection/><C:addressbook/></resourcetype>';
      const body = `<mkcol xmlns="DAV:" xmlns:C="${CARDDAV}"><set><prop>${type}<displayname>${name}</displayname></prop></set></mkcol>`;
      const response = await request('MKCOL', url, { body, headers: { 'content-type': 'application/xml' } });
      if (!response.ok) throw new Error(`MKCOL ${url}: HTTP ${response.status}`);
      return url;
    },
    async deleteCard(href) {
      const response = await request('DELETE', href);
      if (!response.ok) throw new Error(`DELETE ${href}: HTTP ${response.status}`);
    },
    cards,
    async contactOf(address) {
      const wanted = `:${address.toLowerCase()}`;
      const [card, ...others] = (await cards()).filter(({ text }) =>
        linesOf(text).some((line) => /^([^:;]*\.)?EMAIL[;:]/i.test(line) && line.toLowerCase().endsWith(wanted)),
      );
      if (card === undefined || others.length > 0) throw new Error(`Not exactly one contact has ${address}`);
      return card;
    },
    makeGroup: ({ name, members = [], uid = randomUUID(), version = '3.0', lines = [] }) =>
      putCard(version === '3.0' ? appleGroup(uid, name, members, lines) : plainGroup(uid, name, members, lines)),
    makeGroups: (names) => addCards(names.map((name) => appleGroup(randomUUID(), name, [], []))),
    async addMember(name, uid) {
      const group = (await groupCards()).find(({ text }) => propertyOf(text, 'FN') === name);
      if (group === undefined) throw new Error(`There is no group "${name}"`);
      const member = `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${uid}\r\nEND:VCARD`;
      await putCard(
        group.text.replace('END:VCARD', member),
        decodeURIComponent(group.href.split('/').at(-1) as string),
      );
    },
    async groups() {
      const all = await groupCards();
      return Object.fromEntries(all.map(({ text }) => [propertyOf(text, 'FN'), membersOf(text)]));
    },
    async cardState() {
      const found = await listed('PROPFIND', '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>');
      return JSON.stringify(found.map(({ href, etag }) => [href, etag]));
    },
  };
}

function withCrlf(text: string): string {
  return text.replace(/\r?\n/g, '\r\n');
}

/** The content lines, unfolded (RFC 6350, section 3.2). */
export function linesOf(vcard: string): readonly string[] {
  return vcard
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

function appleGroup(uid: string, name: string, members: readonly string[], lines: readonly string[]): string {
  return card('3.0', uid, name, [
    'N:;;;;',
    'X-ADDRESSBOOKSERVER-KIND:group',
    ...lines,
    ...members.map((member) => `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${member}`),
  ]);
}

function plainGroup(uid: string, name: string, members: readonly string[], lines: readonly string[]): string {
  return card('4.0', uid, name, ['KIND:group', ...lines, ...members.map((member) => `MEMBER:urn:uuid:${member}`)]);
}

function card(version: string, uid: string, name: string, lines: readonly string[]): string {
  return [
    'BEGIN:VCARD',
    `VERSION:${version}`,
    `UID:${uid}`,
    `FN:${name.replace(/[,;]/g, '\\$&')}`,
    ...lines,
    'END:VCARD',
    '',
  ].join('\n');
}

function propertyOf(vcard: string, name: string): string {
  const start = new RegExp(`^${name}[;:]`, 'i');
  const line = linesOf(vcard).find((each) => start.test(each));
  if (line === undefined) throw new Error(`A card without ${name}: ${vcard}`);
  return line.slice(line.indexOf(':') + 1);
}

function membersOf(vcard: string): readonly string[] {
  return linesOf(vcard)
    .filter((line) => /^(X-ADDRESSBOOKSERVER-)?MEMBER[;:]/i.test(line))
    .map((line) => line.slice(line.indexOf(':') + 1).replace(/^urn:uuid:/i, ''));
}

/** What a `response` says of a card (RFC 4918, section 14.24). */
function seenIn(response: Element): SeenCard {
  const properties = childNamed(childNamed(response, 'propstat'), 'prop');
  const [href, etag, text] = [
    childNamed(response, 'href'),
    childNamed(properties, 'getetag'),
    childNamed(properties, 'address-data'),
  ].map((element) => element?.text ?? '') as [string, string, string];
  return { href, etag, text };
}
