import { MailroomError } from '../errors';
import type { MessageQuery } from '../ports';
import type { Message } from '../triage/message';
import type { MessageForm } from './email';
import { type JsonObject, strings } from './json';
import { type Api, listOf, type MethodCall, type MethodResult, resultOf } from './request';

/** The least that a search gets of them, however many share the request. */
const SMALLEST_PAGE = 64;
/** Long filters are slow, and some servers refuse them. */
const ADDRESSES_IN_FILTER = 50;
/** How often one search may lose its place before it gives up. */
const MOST_LOST_PLACES = 50;

/** One search at the server, and how far it has been read. */
interface Search {
  readonly inMailboxes: readonly string[] | undefined;
  readonly from: readonly string[];
  readonly since: string | undefined;
  /** Id of the last message read: the next page begins after it. */
  readonly anchor: string | undefined;
  /** UTCDate of the last message read. */
  readonly readUpTo: string | undefined;
  readonly lostPlaces: number;
}

/**
 * Every message that fits one of the queries, page by page, oldest first within a query. The next page of several
 * searches is one request. Nothing of a page is kept when the next one is asked for.
 *
 * @throws MailroomError
 */
export async function* readMessages<T extends Message>(
  api: Api,
  queries: readonly MessageQuery[],
  form: MessageForm<T>,
): AsyncGenerator<readonly T[]> {
  const atOnce = Math.max(1, Math.floor(api.limits.maxCallsInRequest / 2));
  let searches = queries.flatMap(searchesFor);
  while (searches.length > 0) {
    const turn = searches.slice(0, atOnce);
    const unfinished: Search[] = [];
    for await (const { messages, rest } of readPages(api, turn, form)) {
      if (rest !== undefined) unfinished.push(rest);
      if (messages.length > 0) yield messages;
    }
    searches = [...unfinished, ...searches.slice(atOnce)];
  }
}

function searchesFor({ inMailboxes, since, from }: MessageQuery): readonly Search[] {
  if (inMailboxes?.length === 0) return [];
  const search = { inMailboxes, since, from: [], anchor: undefined, readUpTo: undefined, lostPlaces: 0 };
  if (from === undefined) return [search];
  const chunks = Math.ceil(from.length / ADDRESSES_IN_FILTER);
  return Array.from({ length: chunks }, (_, i) => ({
    ...search,
    from: from.slice(i * ADDRESSES_IN_FILTER, (i + 1) * ADDRESSES_IN_FILTER),
  }));
}

interface Page<T> {
  readonly messages: readonly T[];
  /** What is left to read; undefined at the end. */
  readonly rest: Search | undefined;
}

async function* readPages<T extends Message>(
  api: Api,
  searches: readonly Search[],
  form: MessageForm<T>,
): AsyncGenerator<Page<T>> {
  const share = Math.max(SMALLEST_PAGE, Math.floor(form.atOnce / searches.length));
  const limit = Math.min(api.limits.maxObjectsInGet, share);
  const results = await api.call(searches.flatMap((search, i) => callsFor(search, i * 2, limit, form.properties)));
  for (const [i, search] of searches.entries()) {
    yield pageFrom({ api, search, limit, query: results[i * 2], get: results[i * 2 + 1], form });
  }
}

/** Email/query and, by result reference, Email/get (RFC 8621, sections 4.2 and 4.4). */
function callsFor(search: Search, place: number, limit: number, properties: readonly string[]): readonly MethodCall[] {
  const paging = search.anchor === undefined ? { position: 0 } : { anchor: search.anchor, anchorOffset: 1 };
  return [
    {
      name: 'Email/query',
      arguments: {
        filter: filterOf(search),
        sort: [{ property: 'receivedAt', isAscending: true }],
        collapseThreads: false,
        limit,
        ...paging,
      },
    },
    {
      name: 'Email/get',
      arguments: { '#ids': resultOf(place, 'Email/query', '/ids'), properties },
    },
  ];
}

function filterOf({ inMailboxes, since, from }: Search): JsonObject {
  const conditions = [
    ...(inMailboxes === undefined ? [] : [anyOf(inMailboxes.map((inMailbox) => ({ inMailbox })))]),
    ...(since === undefined ? [] : [{ after: since }]),
    ...(from.length === 0 ? [] : [anyOf(from.map((address) => ({ from: address })))]),
  ];
  if (conditions.length === 0) return {};
  return conditions.length === 1 ? (conditions[0] as JsonObject) : { operator: 'AND', conditions };
}

function anyOf(conditions: readonly JsonObject[]): JsonObject {
  return conditions.length === 1 ? (conditions[0] as JsonObject) : { operator: 'OR', conditions };
}

interface PageAnswer<T extends Message> {
  readonly api: Api;
  readonly search: Search;
  readonly limit: number;
  readonly query: MethodResult | undefined;
  readonly get: MethodResult | undefined;
  readonly form: MessageForm<T>;
}

function pageFrom<T extends Message>({ api, search, limit, query, get, form }: PageAnswer<T>): Page<T> {
  if (query?.error?.type === 'anchorNotFound') return { messages: [], rest: resume(search) };
  const found = api.argumentsOf(query, 'Email/query');
  const ids = strings(listOf(found, 'ids', 'Email/query'));
  // Email/get may answer in an order of its own (RFC 8620, section 5.1).
  const places = new Map(ids.map((id, place) => [id, place]));
  const messages = listOf(api.argumentsOf(get, 'Email/get'), 'list', 'Email/get')
    .map(form.read)
    .sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
  // The server's own limit, where it is lower, is in the answer (RFC 8620, section 5.5).
  const effective = typeof found['limit'] === 'number' ? Math.min(limit, found['limit']) : limit;
  const anchor = ids.at(-1);
  if (anchor === undefined || ids.length < effective) return { messages, rest: undefined };
  return { messages, rest: { ...search, anchor, readUpTo: messages.at(-1)?.receivedAt ?? search.readUpTo } };
}

/**
 * The search, to go on by date: the message that marked the place is not found by it any more. Messages of the same
 * second come again; none is left out.
 */
function resume(search: Search): Search {
  if (search.lostPlaces >= MOST_LOST_PLACES) {
    throw new MailroomError({ code: 'transient', message: 'JMAP: messages move faster than they can be listed' });
  }
  return {
    ...search,
    since: search.readUpTo ?? search.since,
    anchor: undefined,
    lostPlaces: search.lostPlaces + 1,
  };
}
