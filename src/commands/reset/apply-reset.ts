import { freeContact } from '../../cycle/apply-releases';
import { MailroomError } from '../../errors';
import type { AddressBook, Mail, UpdateOutcome } from '../../ports';
import type { Progress } from '../../progress';
import { isDisposable, takeBack } from '../../triage/reset';
import { type ResetPlan, type Return, readReturns } from './read-reset';

export interface ApplyContext {
  readonly mail: Mail;
  readonly book: AddressBook;
  /** Aborted when nothing more is to be started. */
  readonly stop: AbortSignal;
  readonly progress: Progress;
}

/** What was taken back. */
export interface ResetOutcome {
  readonly returned: readonly Return[];
  /** Name of a group → members that it had. */
  readonly emptied: readonly (readonly [name: string, members: number])[];
  /** How many of the Screener's letters are gone. */
  readonly letters: number;
  /** What in the end became of each contact that was reached. */
  readonly contacts: ResetPlan['contacts'];
  /** Why something could not be taken back, each reason once. */
  readonly failures: readonly string[];
  readonly stopped: boolean;
}

/** Messages that are under way at the same time, and are finished after a signal. */
const RETURNED_AT_ONCE = 1_000;
const CONTACTS_AT_ONCE = 4;

/** How often mail is looked for again that somebody else files meanwhile. */
const PASSES = 4;

/** After so many contacts in a row that failed, the server is not worth asking for the next. */
const FAILURES_IN_A_ROW = 10;

/**
 * Takes back what the plan says, in an order that lets a run after an interruption find what is left: senders are known
 * by the lines in their contacts' notes, so these go last, and only when none of the sender's mail is left. Groups
 * come first: while a sender is in one, the server's rules go on filing its mail.
 */
export async function applyReset(plan: ResetPlan, context: ApplyContext): Promise<ResetOutcome> {
  const failures = new Set<string>();
  const emptied = await emptyGroups(plan, context, failures);
  const letters = await removeLetters(plan, context, failures);
  const { returned, left } = await returnMail(plan, context, failures);
  const contacts = await freeContacts(plan, left, context, failures);
  return { returned, emptied, letters, contacts, failures: [...failures], stopped: context.stop.aborted };
}

async function emptyGroups({ groups }: ResetPlan, { book, stop, progress }: ApplyContext, failures: Set<string>) {
  const emptied: (readonly [string, number])[] = [];
  for (const [done, { href, name, members }] of groups.entries()) {
    if (stop.aborted) break;
    progress.show('Emptying groups', done, groups.length);
    await attempt(failures, async () => {
      await book.changeGroup(href, { join: [], leave: members });
      emptied.push([name, members.length]);
    });
  }
  progress.end();
  return emptied;
}

async function removeLetters({ letters }: ResetPlan, { mail, stop }: ApplyContext, failures: Set<string>) {
  let removed = 0;
  if (stop.aborted) return removed;
  await attempt(failures, async () => {
    await mail.destroyMessages(letters);
    removed = letters.length;
  });
  return removed;
}

/** Moves mail until a look finds none that is left. What is left all the same keeps its sender's contacts as they are. */
async function returnMail(plan: ResetPlan, context: ApplyContext, failures: Set<string>) {
  const { mail, stop, progress } = context;
  const returned = new Map<string, Return>();
  const reasons = new Set<string>();
  let left = plan.returns;
  for (let pass = 0; pass < PASSES && left.length > 0 && !stop.aborted; pass += 1) {
    reasons.clear();
    for (let i = 0; i < left.length && !stop.aborted; i += RETURNED_AT_ONCE) {
      progress.show('Moving mail', i, left.length);
      const batch = left.slice(i, i + RETURNED_AT_ONCE);
      const outcomes = await mail.update(batch.map(({ change }) => change));
      for (const one of batch) {
        const outcome = outcomes.get(one.change.id);
        if (outcome?.kind === 'updated') returned.set(one.change.id, one);
        else if (outcome?.kind !== 'gone' && outcome?.kind !== 'moved') reasons.add(reasonOf(outcome));
      }
    }
    progress.end();
    if (!stop.aborted) left = await readReturns(plan, mail, progress);
  }
  if (left.length > 0 && !stop.aborted) {
    failures.add(
      `${left.length} messages are not back: ${[...reasons].join(', ') || 'they are filed again meanwhile'}`,
    );
  }
  return { returned: [...returned.values()], left };
}

function reasonOf(outcome: UpdateOutcome | undefined): string {
  return outcome !== undefined && 'reason' in outcome ? outcome.reason : 'the server did not say why';
}

async function freeContacts(
  { contacts }: ResetPlan,
  left: readonly Return[],
  { book, stop, progress }: ApplyContext,
  failures: Set<string>,
) {
  const needed = new Set(left.flatMap((one) => one.contacts));
  const queue = contacts.filter(({ contact }) => !needed.has(contact));
  const total = queue.length;
  const reached: (typeof queue)[number][] = [];
  let failuresInARow = 0;
  const worker = async (): Promise<void> => {
    while (!stop.aborted && failuresInARow < FAILURES_IN_A_ROW) {
      const next = queue.shift();
      if (next === undefined) return;
      const done = await attempt(failures, async () => {
        reached.push({ ...next, fate: await release(next, book) });
      });
      failuresInARow = done ? 0 : failuresInARow + 1;
      progress.show('Clearing contacts', total - queue.length, total);
    }
  };
  await Promise.all(Array.from({ length: CONTACTS_AT_ONCE }, worker));
  progress.end();
  return reached;
}

async function release({ contact, fate }: ResetPlan['contacts'][number], book: AddressBook) {
  const isDeleted =
    (await freeContact(contact, fate === 'delete' ? isDisposable : null, (now) => takeBack(now), book)) === 'deleted';
  return fate === 'delete' && !isDeleted ? 'keep changed' : fate;
}

/** Does the work, or notes why it cannot be done and gives false. What stops everything is thrown. */
async function attempt(failures: Set<string>, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof MailroomError)) throw error;
    // A group that is gone is as good as an empty one.
    if (error.code === 'missing') return true;
    if (error.code === 'credentials' || error.code === 'settings') throw error;
    failures.add(error.message);
    return false;
  }
}
