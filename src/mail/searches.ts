import type { MessageQuery } from '../ports';
import type { JsonObject } from './json';

/** One search at the server, and how far it has been read. */
export interface Search {
  /** All of a query, or a part of it. */
  readonly query: MessageQuery;
  /** True where the mailboxes are no part of the filter, so that what is found has to be compared with them. */
  readonly anywhere: boolean;
  /** Id of the last message read: the next page begins after it. */
  readonly anchor: string | undefined;
  /** UTCDate of the last message read. */
  readonly readUpTo: string | undefined;
  readonly lostPlaces: number;
  /** The most messages of the next page. */
  readonly atMost: number;
}

/** Long filters are slow, and some servers refuse them. */
const ADDRESSES_IN_FILTER = 50;
/** `to` and `cc`: an address among the recipients is two conditions. */
const FIELDS_OF_TO = 2;

/**
 * The searches that together answer the query, none with more conditions than that. Where one address is too much for all
 * the mailboxes, the addresses are searched for wherever they are.
 *
 * @param conditions mailboxes × addresses
 */
export function searchesFor(query: MessageQuery, conditions: number): readonly Search[] {
  const { inMailboxes, from, to } = query;
  if (inMailboxes?.length === 0) return [];
  if (from !== undefined) return byAddress(query, from, conditions, (part) => ({ from: part }));
  if (to !== undefined) return byAddress(query, to, conditions / FIELDS_OF_TO, (part) => ({ to: part }));
  if (inMailboxes === undefined) return [searchFor(query, false)];
  return slices(inMailboxes, conditions).map((part) => searchFor({ ...query, inMailboxes: part }, false));
}

function byAddress(
  query: MessageQuery,
  addresses: readonly string[],
  conditions: number,
  fieldOf: (part: readonly string[]) => Pick<MessageQuery, 'from' | 'to'>,
): readonly Search[] {
  const { inMailboxes } = query;
  const anywhere = inMailboxes !== undefined && inMailboxes.length > conditions;
  const atOnce = Math.floor(conditions / (anywhere ? 1 : (inMailboxes?.length ?? 1)));
  return slices(addresses, Math.min(ADDRESSES_IN_FILTER, atOnce)).map((part) =>
    searchFor({ ...query, ...fieldOf(part) }, anywhere),
  );
}

function searchFor(query: MessageQuery, anywhere: boolean): Search {
  return { query, anywhere, anchor: undefined, readUpTo: undefined, lostPlaces: 0, atMost: Infinity };
}

/** The rest of a search, in parts with fewer conditions; undefined where it has none. */
export function simplified(search: Search, conditions: number): readonly Search[] | undefined {
  const parts = searchesFor(restOf(search), conditions);
  return parts.length === 1 && parts[0]?.anywhere === search.anywhere ? undefined : parts;
}

/** What is left to read, by date. Messages of the same second come again; none is left out. */
export function restOf({ query, readUpTo }: Search): MessageQuery {
  return readUpTo === undefined ? query : { ...query, since: readUpTo };
}

/** What the filter of a search comes to for a server that multiplies it out. */
export function conditionsIn({ query: { inMailboxes, from, to }, anywhere }: Search): number {
  const addresses = from?.length ?? (to?.length ?? 0) * FIELDS_OF_TO;
  return Math.max(1, addresses) * Math.max(1, anywhere ? 0 : (inMailboxes?.length ?? 0));
}

/** FilterOperator and FilterCondition (RFC 8620, section 5.5; RFC 8621, section 4.4.1). */
export function filterOf({ query: { inMailboxes, since, from, to }, anywhere }: Search): JsonObject {
  const conditions = [
    ...(inMailboxes === undefined || anywhere ? [] : [anyOf(inMailboxes.map((inMailbox) => ({ inMailbox })))]),
    ...(since === undefined ? [] : [{ after: since }]),
    ...(from === undefined ? [] : [anyOf(from.map((address) => ({ from: address })))]),
    ...(to === undefined ? [] : [anyOf(to.flatMap((address) => [{ to: address }, { cc: address }]))]),
  ];
  if (conditions.length === 0) return {};
  return conditions.length === 1 ? (conditions[0] as JsonObject) : { operator: 'AND', conditions };
}

function anyOf(conditions: readonly JsonObject[]): JsonObject {
  return conditions.length === 1 ? (conditions[0] as JsonObject) : { operator: 'OR', conditions };
}

/** The items in slices of that size, but of one item at least. */
function slices<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const step = Math.max(1, size);
  return Array.from({ length: Math.ceil(items.length / step) }, (_, i) => items.slice(i * step, (i + 1) * step));
}
