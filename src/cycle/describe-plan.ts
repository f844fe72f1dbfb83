import type { Mailbox } from '../ports';
import type { Caution } from '../triage/caution';
import type { Objection, Verdict } from '../triage/judge';
import type { MessageChange } from '../triage/message';
import type { CyclePlan, VerdictPlan } from '../triage/plan';
import type { Release } from '../triage/release';
import type { Standing } from '../triage/standing';
import { fieldsOf, nameOf, type Subject } from '../triage/subject';

/** One line of a printed plan, and the same for programs. */
export interface PlanLine {
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Messages that change in the same way. Names of mailboxes. */
export interface Move {
  readonly messages: number;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** The whole plan in words: a line for each verdict, and one for each group of messages that get the error label. */
export function describePlan(plan: CyclePlan, mailboxes: readonly Mailbox[]): readonly PlanLine[] {
  const names = new Map(mailboxes.map(({ id, name }) => [id, name]));
  return [
    ...plan.verdicts.map((planned) => describeVerdict(planned, names)),
    ...plan.sweeps.map(({ sender, subject, category, changes }) => ({
      text: `Would file what slipped past the rules of ${sender} as ${category.name}${byWhom(subject)}`,
      fields: { moves: movesOf(changes, names) },
    })),
    ...plan.objections.map(({ objection, changes }) => ({
      text: `Would object to ${partyIn(objection)}`,
      fields: { reason: objection.reason, ...partiesOf(objection), moves: movesOf(changes, names) },
    })),
  ];
}

/** The most addresses of one message that a line names: a header may have thousands. */
export const NAMED = 5;

/** The addresses as far as a line names them. */
export function namedIn(addresses: readonly string[]): string {
  const rest = addresses.length - NAMED;
  return [...addresses.slice(0, NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** Who an objection is about. */
export function partyIn({ subject, reason }: Objection): string {
  if (subject !== null) return nameOf(subject);
  return reason === 'several senders' ? 'a message with several From addresses' : 'a message without a usable From';
}

/** Whom an objection is about, for logs. */
export function partiesOf({ subject, categories, addresses }: Objection): Readonly<Record<string, unknown>> {
  if (subject !== null) return { ...fieldsOf(subject), categories };
  return addresses.length === 0 ? {} : { addresses: addresses.slice(0, NAMED) };
}

/** By whose verdict mail is filed, where that is not its sender's own. */
export function byWhom({ kind, address }: Subject): string {
  if (kind === 'sender') return '';
  return kind === 'domain' ? ', by its domain' : `, by the list ${address}`;
}

/** Who falls under a domain's verdict, for logs. */
export function underFields(under: VerdictPlan['under']): Readonly<Record<string, unknown>> {
  return under.length === 0 ? {} : { contactsUnder: under.length, under: under.slice(0, NAMED) };
}

function describeVerdict(
  { verdict, standing, backlog, labelled, cautions, under }: VerdictPlan,
  names: Names,
): PlanLine {
  const { joins, leaves, from, releases } = standing;
  return {
    text: headline(verdict),
    fields: {
      ...(from === null ? {} : { from }),
      ...contactOf(standing),
      ...(releases.length === 0 ? {} : { releases: releases.map(releaseOf) }),
      joins: joins.map(({ group }) => group.name),
      leaves: leaves.map(({ group }) => group.name),
      backlog: movesOf(backlog, names),
      labelled: movesOf(labelled, names),
      ...warningOf(cautions),
      ...(under.length === 0 ? {} : { under }),
    },
  };
}

/** That a sender is warned of, and why, for logs: no address of anybody else is in it. */
export function warningOf(cautions: readonly Caution[]): Readonly<Record<string, unknown>> {
  return cautions.length === 0 ? {} : { warned: true, cautions: cautions.map(({ kind }) => kind) };
}

function headline({ subject, decision }: Verdict): string {
  const who = nameOf(subject);
  if (decision === 'take back') return `Would take the verdict on ${who} back`;
  return decision === 'spam' ? `Would take ${who} for spam` : `Would triage ${who} to ${decision.name}`;
}

function contactOf({ step }: Standing) {
  switch (step.kind) {
    case 'create':
      return { contact: { create: step.contact.formattedName, note: step.contact.note } };
    case 'change': {
      const { addNoteLine, formattedName } = step.edit;
      return { contact: { change: step.contact.formattedName, note: addNoteLine, formattedName } };
    }
    case 'keep':
      return { contact: { keep: step.contact.formattedName } };
    case 'none':
      return {};
  }
}

function releaseOf({ contact, deletable }: Release) {
  return deletable ? { delete: contact.formattedName } : { change: contact.formattedName };
}

type Names = ReadonlyMap<string, string>;

/** The changes, those that are alike together. `names`: id of a mailbox → its name. */
export function movesOf(changes: readonly MessageChange[], names: Names): readonly Move[] {
  const nameOf = (id: string): string => names.get(id) ?? id;
  const moves = new Map<string, Move>();
  for (const { add, remove } of changes) {
    const key = JSON.stringify([add, remove]);
    const messages = (moves.get(key)?.messages ?? 0) + 1;
    moves.set(key, { messages, add: add.map(nameOf), remove: remove.map(nameOf) });
  }
  return [...moves.values()];
}
