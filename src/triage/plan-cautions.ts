import { chainOf } from './categories';
import type { Category } from './category';
import { areSeveralNames, type Caution, type CautionFacts, cautionsIn, letsIn } from './caution';
import type { Group } from './contact';
import { isCategory } from './decision';
import type { Message } from './message';
import { displayNameOf } from './sender';
import type { StandingFacts } from './standing';
import { groupOf } from './subject';

/** What was read about those who are let in. */
export interface CautionReading extends CautionFacts {
  /** Ids of the labelled messages of which the mail server says that DMARC failed. */
  readonly dmarcFailures: ReadonlySet<string>;
}

/** What one may want to know of whom a verdict lets in. `backlog`: the subject's messages besides the labelled ones. */
export type CautionsOf = (facts: StandingFacts, backlog: readonly Message[]) => readonly Caution[];

/**
 * Looks at senders, and at whole domains, of which no name counts. Mailing lists have nobody who pretends to be somebody
 * else.
 */
export function cautionsBy(reading: CautionReading): CautionsOf {
  const cautionsOn = cautionsIn(reading);
  const members = new Map<Category, ReadonlySet<string>>();
  return ({ verdict, contacts, categories, groups, ownUid }, backlog) => {
    const { decision, labelled, subject } = verdict;
    if (!isCategory(decision) || !letsIn(decision, categories) || subject.kind === 'list') return [];
    if (!members.has(decision)) members.set(decision, membersOf(decision, categories, groups));
    const isSender = subject.kind === 'sender';
    const newcomer = {
      address: subject.address,
      names: isSender ? labelled.map(displayNameOf) : [],
      severalNames: areSeveralNames([...labelled, ...backlog].map(displayNameOf), subject.address),
      failsDmarc: labelled.some(({ id }) => reading.dmarcFailures.has(id)),
      known: contacts.filter(({ uid }) => uid !== ownUid),
      ownUid,
      members: members.get(decision) ?? new Set(),
    };
    return cautionsOn(newcomer);
  };
}

/** UIDs of the contacts in the groups of a category's chain, be it as senders or as domains. */
function membersOf(category: Category, categories: readonly Category[], groups: readonly Group[]): ReadonlySet<string> {
  const chain = chainOf(category, categories).flatMap((one) => [groupOf(one, 'sender'), groupOf(one, 'domain')]);
  return new Set(groups.filter(({ name }) => chain.includes(name)).flatMap((group) => group.members));
}
