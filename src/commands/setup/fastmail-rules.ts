import type { Condition, Route, Rules } from '../../triage/routes';

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
export interface RuleFacts extends Rules {
  readonly screener: string;
  /** Path of a mailbox, its parents first. */
  readonly pathOf: (mailbox: string) => string;
}

/** A rule in the terms of both forms. */
interface Step {
  readonly name: string;
  readonly search: string;
  readonly fileIn: string;
  readonly skipInbox: boolean;
  readonly stop: boolean;
}

/** In the order in which the rules must stand: the Screener's come last. */
function stepsFor({ routes, screened, screener, pathOf }: RuleFacts): readonly Step[] {
  return [
    ...routes.map((route) => ({
      name: ruleName(route),
      search: searchFor(route.condition),
      fileIn: pathOf(route.mailbox),
      skipInbox: !route.keepInInbox,
      stop: false,
    })),
    ...screened.map((condition) => ({
      name: condition.from === undefined ? screener : `${screener} (${condition.from})`,
      search: searchFor(condition),
      fileIn: pathOf(screener),
      skipInbox: true,
      stop: true,
    })),
  ];
}

/** The list that Fastmail imports. */
export function fastmailRules(facts: RuleFacts, now: Date): readonly FastmailRule[] {
  const time = `${now.toISOString().slice(0, 19)}Z`;
  return stepsFor(facts).map(({ name, search, fileIn, skipInbox, stop }) => ({
    name,
    isEnabled: true,
    combinator: 'all',
    conditions: null,
    search,
    markRead: false,
    markFlagged: false,
    showNotification: false,
    redirectTo: null,
    fileIn,
    skipInbox,
    snoozeUntil: null,
    discard: false,
    markSpam: false,
    stop,
    previousFileInName: null,
    created: time,
    updated: time,
  }));
}

/** The names of the rules, as they stand in the list that Fastmail imported. */
export function ruleNames(facts: Omit<RuleFacts, 'pathOf'>): readonly string[] {
  return stepsFor({ ...facts, pathOf: (name) => name }).map(({ name }) => name);
}

/** The same rules for a person who makes them by hand. */
export function fastmailSteps(facts: RuleFacts): readonly string[] {
  return stepsFor(facts).flatMap(({ name, search, fileIn, skipInbox, stop }, index) => [
    `${index + 1}. ${name}`,
    `   messages that match  ${search}`,
    `   - add the label ${fileIn}`,
    `   - ${skipInbox ? 'archive (remove from the Inbox)' : 'do not archive: it stays in the Inbox'}`,
    `   - ${stop ? 'stop: apply no other rules' : 'continue to apply other rules'}`,
  ]);
}

/** Terms and NOT alone, all of which have to hold: so much of Fastmail's search language is sure to work in rules. */
function searchFor({ from, to, fromStranger, notFrom, notTo }: Condition): string {
  return [
    ...(from === undefined ? [] : [`fromin:${term(from)}`]),
    ...(to === undefined ? [] : [`toin:${term(to)}`]),
    ...(fromStranger === undefined ? [] : ['NOT fromin:contacts']),
    ...notFrom.map((name) => `NOT fromin:${term(name)}`),
    ...notTo.map((name) => `NOT toin:${term(name)}`),
  ].join(' ');
}

function term(name: string): string {
  return /^[\p{L}\p{N}]+$/u.test(name) ? name : `"${name.replace(/["\\]/g, '\\$&')}"`;
}

function ruleName({ category, kind, mailbox }: Route): string {
  const name = category === mailbox ? category : `${category} → ${mailbox}`;
  return kind === 'sender' ? name : `${name} (${kind}s)`;
}
