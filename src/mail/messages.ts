import { MailroomError } from '../errors';
import type { MessageQuery } from '../ports';
import type { Message } from '../triage/message';
import { BARE, type MessageForm } from './email';
import { strings } from './json';
import { type Pace, slowDown } from './pace';
import { type Api, hasLongAnswer, isTooLarge, listOf, type MethodCall, type MethodResult, resultOf } from './request';
import { conditionsIn, filterOf, restOf, type Search, searchesFor, simplified } from './searches';

/** The least that a search gets of them, however many share the request. */
const SMALLEST_PAGE = 64;
/** How often one search may lose its place before it gives up. */
const MOST_LOST_PLACES = 50;

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
  let searches = queries.flatMap((query) => searchesFor(query, api.pace.conditions));
  while (searches.length > 0) {
    const turn = searches.slice(0, api.pace.searches);
    const later = searches.slice(turn.length);
    const unfinished: Search[] = [];
    for await (const { messages, rest } of readPages(api, turn, form)) {
      unfinished.push(...rest);
      if (messages.length > 0) yield messages;
    }
    searches = [...unfinished, ...later];
  }
}

interface Page<T> {
  readonly messages: readonly T[];
  /** What is left to read. */
  readonly rest: readonly Search[];
}

async function* readPages<T extends Message>(
  api: Api,
  searches: readonly Search[],
  form: MessageForm<T>,
  properties = form.properties,
): AsyncGenerator<Page<T>> {
  const share = Math.max(SMALLEST_PAGE, Math.floor(form.atOnce / searches.length));
  const limitOf = ({ atMost }: Search): number => Math.min(api.pace.objectsInGet, share, atMost);
  const results = await api.call(searches.flatMap((search, i) => callsFor(search, i * 2, limitOf(search), properties)));
  const limit = Math.max(...searches.map(limitOf));
  if (results.every(hasLongAnswer) && (searches.length > 1 || properties !== BARE)) {
    yield* readLess(api, searches, form, limit);
    return;
  }
  if (results.every(isTooLarge) && mayAskForLess(api.pace, searches.length, limit)) {
    yield { messages: [], rest: searches };
    return;
  }
  for (const [i, search] of searches.entries()) {
    yield pageFrom({ api, search, limit: limitOf(search), query: results[i * 2], get: results[i * 2 + 1], form });
  }
}

/**
 * Reads less after an answer that was too long: each search for itself, an eighth of a page, a single message without what its
 * sender wrote. It is one sender who makes an answer long, so that nothing else is read more slowly for it.
 */
async function* readLess<T extends Message>(
  api: Api,
  searches: readonly Search[],
  form: MessageForm<T>,
  limit: number,
): AsyncGenerator<Page<T>> {
  if (searches.length > 1) for (const search of searches) yield* readPages(api, [search], form);
  else if (limit > 1) yield { messages: [], rest: searches.map((one) => ({ ...one, atMost: Math.ceil(limit / 8) })) };
  else yield* readPages(api, searches, form, BARE);
}

/** Slows down after a request that was too large as a whole; false where it cannot be made any smaller. */
function mayAskForLess(pace: Pace, searches: number, limit: number): boolean {
  if (searches > 1) slowDown(pace, 'searches', searches);
  else if (limit > 1) slowDown(pace, 'objectsInGet', limit);
  else return false;
  return true;
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

interface PageAnswer<T extends Message> {
  readonly api: Api;
  readonly search: Search;
  readonly limit: number;
  readonly query: MethodResult | undefined;
  readonly get: MethodResult | undefined;
  readonly form: MessageForm<T>;
}

function pageFrom<T extends Message>({ api, search, limit, query, get, form }: PageAnswer<T>): Page<T> {
  if (query?.error?.type === 'anchorNotFound') return { messages: [], rest: [resume(search)] };
  const parts = query?.error?.type === 'unsupportedFilter' ? simplerParts(search, api) : undefined;
  if (parts !== undefined) return { messages: [], rest: parts };

  const found = api.argumentsOf(query, 'Email/query');
  const ids = strings(listOf(found, 'ids', 'Email/query'));
  if (get !== undefined && isTooLarge(get) && ids.length > 1) {
    slowDown(api.pace, 'objectsInGet', ids.length);
    return { messages: [], rest: [search] };
  }
  // Email/get may answer in an order of its own (RFC 8620, section 5.1).
  const places = new Map(ids.map((id, place) => [id, place]));
  const read = api.argumentsOf(get, 'Email/get');
  api.emailState.read(read['state']);
  const messages = listOf(read, 'list', 'Email/get')
    .map(form.read)
    .sort((a, b) => (places.get(a.id) ?? 0) - (places.get(b.id) ?? 0));
  const wanted = search.anywhere ? messages.filter((message) => isInside(message, search)) : messages;
  // The server's own limit, where it is lower, is in the answer (RFC 8620, section 5.5).
  const effective = typeof found['limit'] === 'number' ? Math.min(limit, found['limit']) : limit;
  const anchor = ids.at(-1);
  if (anchor === undefined || ids.length < effective) return { messages: wanted, rest: [] };
  const readUpTo = messages.at(-1)?.receivedAt ?? search.readUpTo;
  return { messages: wanted, rest: [{ ...search, anchor, readUpTo, atMost: search.atMost * 2 }] };
}

function isInside({ mailboxIds }: Message, { query: { inMailboxes } }: Search): boolean {
  return inMailboxes === undefined || inMailboxes.some((id) => mailboxIds.includes(id));
}

/** The search in parts that a server may bear which refuses it; undefined where there are none. */
function simplerParts(search: Search, { pace }: Api): readonly Search[] | undefined {
  slowDown(pace, 'conditions', conditionsIn(search));
  return simplified(search, pace.conditions);
}

/** The search, to go on by date: the message that marked the place is not found by it any more. */
function resume(search: Search): Search {
  if (search.lostPlaces >= MOST_LOST_PLACES) {
    throw new MailroomError({ code: 'transient', message: 'JMAP: messages move faster than they can be listed' });
  }
  return { ...search, query: restOf(search), anchor: undefined, lostPlaces: search.lostPlaces + 1 };
}
