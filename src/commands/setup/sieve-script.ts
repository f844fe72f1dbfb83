import type { Condition, Route } from '../../triage/routes';
import type { RuleFacts } from './fastmail-rules';
import { modifiedUtf7 } from './modified-utf7';

export interface SieveFacts extends RuleFacts {
  /** UIDs of all groups with this name. */
  readonly uidsOf: (group: string) => readonly string[];
}

/**
 * The rules as a Sieve script (RFC 5228) for Cyrus, whose `jmapquery` test knows contact groups by their UIDs.
 * Every test that holds applies; `fileinto` takes a message out of the Inbox, and `keep` puts it back.
 */
export function sieveScript({ routes, screened, uidsOf, pathOf, screener }: SieveFacts): string {
  const block = (words: string, condition: Condition, actions: readonly string[]): string =>
    [`# ${comment(words)}`, ...testOf(condition, uidsOf), '{', ...actions, '}'].join('\n');
  const blocks = [
    ...withOneCondition(routes).map(([route, mailboxes]) =>
      block(`${route.category}: ${inWords(route)}`, route.condition, [
        ...mailboxes.map(pathOf).flatMap(fileInto),
        ...(route.keepInInbox ? ['  keep;'] : []),
      ]),
    ),
    ...screened.map((condition) =>
      block(`Screener: ${screenedInWords(condition)}`, condition, fileInto(pathOf(screener))),
    ),
  ];
  const needsBoth = [...routes.map(({ mailbox }) => mailbox), screener].some((mailbox) =>
    isWrittenTwoWays(pathOf(mailbox)),
  );
  const extensions = ['fileinto', ...(needsBoth ? ['mailbox'] : []), 'vnd.cyrus.jmapquery'].map(quoted);
  return [`require [${extensions.join(', ')}];`, ...blocks].join('\n\n');
}

/** The first of all routes with the same condition, and the mailboxes of them all. */
function withOneCondition(
  routes: readonly Route[],
): readonly (readonly [route: Route, mailboxes: readonly string[]])[] {
  const byCondition = new Map<string, readonly [Route, readonly string[]]>();
  for (const route of routes) {
    const key = JSON.stringify(route.condition);
    const [first, mailboxes] = byCondition.get(key) ?? [route, []];
    byCondition.set(key, [first, [...mailboxes, route.mailbox]]);
  }
  return [...byCondition.values()];
}

/** Sieve writes mailbox names in UTF-8; Cyrus, unless it is told to (`sieve_utf8fileinto`), wants what IMAP has. */
function fileInto(path: string): readonly string[] {
  if (!isWrittenTwoWays(path)) return [`  fileinto ${quoted(path)};`];
  const name = quoted(path);
  return [`  if mailboxexists ${name} { fileinto ${name}; }`, `  else { fileinto ${quoted(modifiedUtf7(path))}; }`];
}

function isWrittenTwoWays(path: string): boolean {
  return modifiedUtf7(path) !== path;
}

/** A filter of JMAP's Email/query (RFC 8621, section 4.4.1) with the conditions that Cyrus adds. */
function testOf(
  { from, to, fromStranger, notFrom, notTo }: Condition,
  uidsOf: SieveFacts['uidsOf'],
): readonly string[] {
  const asked = [
    ...(from === undefined ? [] : [anyOf(fromOneOf(uidsOf(from)))]),
    ...(to === undefined ? [] : [byListIn(uidsOf(to))]),
  ];
  const excluded = [
    ...(fromStranger === undefined ? [] : [{ fromAnyContact: true }]),
    ...fromOneOf(notFrom.flatMap(uidsOf)),
    ...(notTo.length === 0 ? [] : [byListIn(notTo.flatMap(uidsOf))]),
  ];
  const filter =
    asked.length === 0
      ? anyOf(excluded)
      : allOf([...asked, ...(excluded.length === 0 ? [] : [{ operator: 'NOT', conditions: excluded }])]);
  return [`if ${asked.length === 0 ? 'not ' : ''}jmapquery text:`, JSON.stringify(filter), '.'];
}

function fromOneOf(uids: readonly string[]): readonly object[] {
  return uids.map((uid) => ({ fromContactGroupId: uid }));
}

/** Who writes the address of a list into To is not the list: what lists send out has a header of theirs (RFC 2369, 2919). */
function byListIn(uids: readonly string[]): object {
  return allOf([
    anyOf(uids.flatMap((uid) => [{ toContactGroupId: uid }, { ccContactGroupId: uid }])),
    anyOf([{ header: ['List-Post'] }, { header: ['List-Id'] }]),
  ]);
}

function anyOf(conditions: readonly object[]): object {
  return combined('OR', conditions);
}

function allOf(conditions: readonly object[]): object {
  return combined('AND', conditions);
}

function combined(operator: 'OR' | 'AND', conditions: readonly object[]): object {
  const [only, ...others] = conditions;
  return only !== undefined && others.length === 0 ? only : { operator, conditions };
}

function inWords({ kind, condition: { from, to, notFrom } }: Route): string {
  if (kind === 'domain') return `the sender's domain is in the group ${from}, and the sender has no verdict of its own`;
  if (kind === 'list') return `it came by a list in the group ${to}, and its sender has no verdict`;
  return `the sender is in the group ${from}${notFrom.length === 0 ? '' : ` and not in ${notFrom.join(', ')}`}`;
}

function screenedInWords({ from }: Condition): string {
  return from === undefined
    ? 'the sender is no contact'
    : `the sender is where a list in the group ${from} is posted to`;
}

/** Names are of one line, but a script is compiled: nothing of them may leave the comment. */
function comment(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}

/** A quoted string (RFC 5228, section 2.4.2). */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
