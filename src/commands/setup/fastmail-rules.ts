import type { Route } from '../../triage/routes';

/** A rule as Fastmail imports it (Settings → Mail rules): these members, in this order. */
interface FastmailRule {
  readonly name: string;
  readonly isEnabled: true;
  readonly combinator: 'all';
  readonly conditions: null;
  /** In Fastmail's search language. */
  readonly search: string;
  readonly markRead: false;
  readonly markFlagged: false;
  readonly showNotification: false;
  readonly redirectTo: null;
  readonly fileIn: string;
  /** Takes the message out of the Inbox. */
  readonly skipInbox: boolean;
  readonly snoozeUntil: null;
  readonly discard: false;
  readonly markSpam: false;
  /** False: goes on with the rules below. */
  readonly stop: boolean;
  readonly previousFileInName: null;
  readonly created: string;
  readonly updated: string;
}

/** What rules are made of. Names of mailboxes, as the settings have them. */
export interface RuleFacts {
  readonly routes: readonly Route[];
  readonly screener: string;
  /** Path of a mailbox, its parents first. */
  readonly pathOf: (mailbox: string) => string;
}

/** The list that Fastmail imports, in the order in which the rules must stand: the Screener's comes last. */
export function fastmailRules({ routes, screener, pathOf }: RuleFacts, now: Date): readonly FastmailRule[] {
  const time = `${now.toISOString().slice(0, 19)}Z`;
  const rule = (facts: Pick<FastmailRule, 'name' | 'search' | 'fileIn' | 'skipInbox' | 'stop'>): FastmailRule => ({
    name: facts.name,
    isEnabled: true,
    combinator: 'all',
    conditions: null,
    search: facts.search,
    markRead: false,
    markFlagged: false,
    showNotification: false,
    redirectTo: null,
    fileIn: facts.fileIn,
    skipInbox: facts.skipInbox,
    snoozeUntil: null,
    discard: false,
    markSpam: false,
    stop: facts.stop,
    previousFileInName: null,
    created: time,
    updated: time,
  });
  return [
    ...routes.map((route) =>
      rule({
        name: ruleName(route),
        search: searchFor(route),
        fileIn: pathOf(route.mailbox),
        skipInbox: !route.keepInInbox,
        stop: false,
      }),
    ),
    rule({ name: screener, search: SCREENER_SEARCH, fileIn: pathOf(screener), skipInbox: true, stop: true }),
  ];
}

/** The names of the rules, as they stand in the list that Fastmail imported. */
export function ruleNames({ routes, screener }: Pick<RuleFacts, 'routes' | 'screener'>): readonly string[] {
  return fastmailRules({ routes, screener, pathOf: (name) => name }, new Date(0)).map(({ name }) => name);
}

/** The same rules for a person who makes them by hand. */
export function fastmailSteps({ routes, screener, pathOf }: RuleFacts): readonly string[] {
  const steps = [
    ...routes.map((route) => ({
      name: ruleName(route),
      search: searchFor(route),
      actions: [
        `add the label ${pathOf(route.mailbox)}`,
        route.keepInInbox ? 'do not archive: it stays in the Inbox' : 'archive (remove from the Inbox)',
        'continue to apply other rules',
      ],
    })),
    {
      name: screener,
      search: SCREENER_SEARCH,
      actions: [`add the label ${pathOf(screener)}`, 'archive (remove from the Inbox)', 'stop: apply no other rules'],
    },
  ];
  return steps.flatMap(({ name, search, actions }, index) => [
    `${index + 1}. ${name}`,
    `   messages that match  ${search}`,
    ...actions.map((action) => `   - ${action}`),
  ]);
}

/** Contacts are never screened, those in no group of Mailroom's included: their mail stays in the Inbox. */
const SCREENER_SEARCH = 'NOT fromin:contacts';

function searchFor({ group, exceptGroups }: Route): string {
  return [`fromin:${term(group)}`, ...exceptGroups.map((name) => `NOT fromin:${term(name)}`)].join(' ');
}

function term(name: string): string {
  return /^[\p{L}\p{N}]+$/u.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
}

function ruleName({ category, mailbox }: Route): string {
  return category === mailbox ? category : `${category} → ${mailbox}`;
}
