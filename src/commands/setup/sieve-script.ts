import type { Route } from '../../triage/routes';
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
export function sieveScript({ routes, uidsOf, pathOf, screener }: SieveFacts): string {
  const blocks = withOneCondition(routes).map(([route, mailboxes]) =>
    [
      `# ${comment(`${route.category}: the sender is in the group ${route.group}${exceptions(route)}`)}`,
      `if jmapquery text:`,
      JSON.stringify(conditionOf(route, uidsOf)),
      '.',
      '{',
      ...mailboxes.map(pathOf).flatMap(fileInto),
      ...(route.keepInInbox ? ['  keep;'] : []),
      '}',
    ].join('\n'),
  );
  const last = [
    '# Screener: the sender is no contact',
    'if not jmapquery text:',
    JSON.stringify({ fromAnyContact: true }),
    '.',
    '{',
    ...fileInto(pathOf(screener)),
    '}',
  ].join('\n');
  const needsBoth = [...routes.map(({ mailbox }) => mailbox), screener].some((mailbox) =>
    isWrittenTwoWays(pathOf(mailbox)),
  );
  const extensions = ['fileinto', ...(needsBoth ? ['mailbox'] : []), 'vnd.cyrus.jmapquery'].map(quoted);
  return [`require [${extensions.join(', ')}];`, ...blocks, last].join('\n\n');
}

/** The first of all routes with the same condition, and the mailboxes of them all. */
function withOneCondition(
  routes: readonly Route[],
): readonly (readonly [route: Route, mailboxes: readonly string[]])[] {
  const byCondition = new Map<string, readonly [Route, readonly string[]]>();
  for (const route of routes) {
    const key = JSON.stringify([route.group, route.exceptGroups]);
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
function conditionOf({ group, exceptGroups }: Route, uidsOf: SieveFacts['uidsOf']): object {
  const within = memberOf(uidsOf(group));
  if (exceptGroups.length === 0) return within;
  return {
    operator: 'AND',
    conditions: [within, { operator: 'NOT', conditions: exceptGroups.flatMap(uidsOf).map(isIn) }],
  };
}

function memberOf(uids: readonly string[]): object {
  const [only, ...others] = uids.map(isIn);
  return only !== undefined && others.length === 0 ? only : { operator: 'OR', conditions: uids.map(isIn) };
}

function isIn(uid: string): object {
  return { fromContactGroupId: uid };
}

function exceptions({ exceptGroups }: Route): string {
  return exceptGroups.length === 0 ? '' : ` and not in ${exceptGroups.join(', ')}`;
}

/** Names are of one line, but a script is compiled: nothing of them may leave the comment. */
function comment(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}

/** A quoted string (RFC 5228, section 2.4.2). */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
