import { byAddress } from '../../src/triage/by-address';
import type { Category } from '../../src/triage/category';
import type { Contact, Group } from '../../src/triage/contact';
import { judge } from '../../src/triage/judge';
import type { Message, MessageChange } from '../../src/triage/message';
import { type CyclePlan, planCycle, type VerdictPlan } from '../../src/triage/plan';
import { NOTHING_SLIPPED } from '../../src/triage/sweep';
import { aContact, ownUidOf, placesOf } from './builders';

/** An account as data: what a plan is made from, and what it changes. */
export interface PaperAccount {
  readonly categories: readonly Category[];
  readonly messages: readonly Message[];
  readonly contacts: readonly Contact[];
  readonly groups: readonly Group[];
}

/** The plan for all that the account holds. */
export function planOf({ categories, messages, contacts, groups }: PaperAccount, today = '2026-03-01'): CyclePlan {
  const places = placesOf(categories);
  const labelled = messages.filter(({ mailboxIds }) => mailboxIds.some((id) => places.labels.has(id)));
  const judgement = judge(labelled, places);
  return planCycle({
    places,
    categories,
    judgement,
    groups,
    userGroups: [],
    sweep: NOTHING_SLIPPED,
    contacts: byAddress(contacts, () => true),
    mail: messages,
    today,
    warningsEnabled: true,
    cautionsOf: () => [],
    ownUid: ownUidOf,
  });
}

/** The account after those parts of the plan that are written. A message that would be in no mailbox is an error. */
export function afterPlan(account: PaperAccount, plan: CyclePlan, part: 'all' | 'all but the labelled'): PaperAccount {
  const changes = [
    ...plan.verdicts.flatMap(({ backlog, labelled }) => (part === 'all' ? [...backlog, ...labelled] : backlog)),
    ...(part === 'all' ? plan.objections.flatMap((objection) => objection.changes) : []),
  ];
  return {
    ...account,
    messages: account.messages.map((message) => changes.filter(({ id }) => id === message.id).reduce(moved, message)),
    contacts: plan.verdicts.reduce(withContact, account.contacts),
    groups: account.groups.map((group) => withMembers(group, plan)),
  };
}

function moved(message: Message, { add, remove }: MessageChange): Message {
  const kept = message.mailboxIds.filter((id) => !remove.includes(id));
  const mailboxIds = [...kept, ...add.filter((id) => !kept.includes(id))];
  if (mailboxIds.length === 0) throw new Error(`Message ${message.id} is in no mailbox`);
  return { ...message, mailboxIds };
}

function withContact(contacts: readonly Contact[], { standing: { step } }: VerdictPlan): readonly Contact[] {
  switch (step.kind) {
    case 'keep':
    case 'none':
      return contacts;
    case 'create': {
      const { uid, email, formattedName, note } = step.contact;
      return [...contacts, aContact(uid, { formattedName, note, addresses: [email], pristine: true })];
    }
    case 'change': {
      const { edit } = step;
      return contacts.map((contact) =>
        contact.uid !== step.contact.uid
          ? contact
          : {
              ...contact,
              formattedName: edit.formattedName ?? contact.formattedName,
              note: edit.addNoteLine === undefined ? contact.note : `${contact.note}\n${edit.addNoteLine}`.trim(),
            },
      );
    }
  }
}

function withMembers(group: Group, { verdicts }: CyclePlan): Group {
  const uidsOf = (kind: 'joins' | 'leaves') =>
    verdicts.flatMap(({ standing }) =>
      standing[kind].filter((membership) => membership.group.href === group.href).map(({ uid }) => uid),
    );
  const left = group.members.filter((uid) => !uidsOf('leaves').includes(uid));
  const members = [...new Set([...left, ...uidsOf('joins')])];
  return { ...group, members, writtenMembers: members };
}
