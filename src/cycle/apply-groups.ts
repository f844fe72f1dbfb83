import { MailroomError } from '../errors';
import type { AddressBook } from '../ports';
import type { GroupSummary } from '../triage/contact';
import { inHand, recordFailure, type VerdictWork } from './verdict-work';

interface Membership {
  /** In the form that the change wants. */
  readonly uid: string;
  readonly verdict: VerdictWork;
}

interface GroupWork {
  readonly group: GroupSummary;
  joins: Membership[];
  leaves: Membership[];
}

/**
 * Writes all changes of groups, each group once. A group is written when all who leave it have joined where they go;
 * where two groups wait for each other, the joins of one go first, in a write of their own. So a sender is never in none.
 */
export async function applyGroups(work: readonly VerdictWork[], book: AddressBook): Promise<void> {
  const groups = groupWork(inHand(work));
  for (;;) {
    for (const group of groups) {
      group.joins = group.joins.filter(({ verdict }) => verdict.failure === null);
      group.leaves = group.leaves.filter(({ verdict }) => verdict.failure === null);
    }
    const pending = groups.filter(({ joins, leaves }) => joins.length + leaves.length > 0);
    if (pending.length === 0) return;
    const free = pending.filter(({ leaves }) => leaves.every(({ verdict }) => verdict.joinsLeft === 0));
    const joinable = pending.filter(({ joins }) => joins.length > 0).slice(0, 1);
    await Promise.all(
      free.length > 0
        ? free.map((group) => writeGroup(group, group.leaves, book))
        : joinable.map((group) => writeGroup(group, [], book)),
    );
  }
}

function groupWork(verdicts: readonly VerdictWork[]): readonly GroupWork[] {
  const byHref = new Map<string, GroupWork>();
  const workOf = (group: GroupSummary): GroupWork => {
    const known = byHref.get(group.href) ?? { group, joins: [], leaves: [] };
    byHref.set(group.href, known);
    return known;
  };
  for (const verdict of verdicts) {
    verdict.joinsLeft = verdict.standing.joins.length;
    for (const { group, writtenUid } of verdict.standing.joins) workOf(group).joins.push({ uid: writtenUid, verdict });
    for (const { group, uid } of verdict.standing.leaves) workOf(group).leaves.push({ uid, verdict });
  }
  return [...byHref.values()];
}

async function writeGroup(work: GroupWork, leaves: readonly Membership[], book: AddressBook): Promise<void> {
  const { group, joins } = work;
  try {
    await book.changeGroup(group.href, {
      join: joins.map(({ uid }) => uid),
      leave: leaves.map(({ uid }) => uid),
    });
    for (const { verdict } of joins) verdict.joinsLeft -= 1;
  } catch (error) {
    recordFailure(
      [...joins, ...leaves].map(({ verdict }) => verdict),
      asFailureOfSenders(error),
    );
  }
  work.joins = [];
  work.leaves = work.leaves.filter((membership) => !leaves.includes(membership));
}

/** A group that went away during the cycle is found missing, and named, by the next one's start-up. */
function asFailureOfSenders(error: unknown): unknown {
  if (!(error instanceof MailroomError) || error.code !== 'missing') return error;
  return new MailroomError({ code: 'transient', message: error.message, hint: error.hint, cause: error });
}
