import type { AddressBook } from '../ports';
import type { Contact, ContactEdit } from '../triage/contact';
import { isUnneeded, releaseEdit } from '../triage/release';
import { inHand, recordFailure, type VerdictWork } from './verdict-work';

/** Takes off the contacts what those leave behind that have no verdict any more. */
export async function applyReleases(work: readonly VerdictWork[], book: AddressBook): Promise<void> {
  for (const verdict of inHand(work)) {
    const { plan, standing } = verdict;
    const facts = { subject: plan.verdict.subject, ownUid: plan.standingFacts.ownUid };
    try {
      for (const { contact, deletable } of standing.releases) {
        const isToGo = deletable ? (now: Contact) => isUnneeded(now, facts) : null;
        await freeContact(contact, isToGo, (now) => releaseEdit(now, facts), book);
      }
    } catch (error) {
      recordFailure([verdict], error);
    }
  }
}

/** Deletes the contact if it is still one that may go (null: none may), or edits it. Whoever changes a contact meanwhile keeps it. */
export async function freeContact(
  { href }: Contact,
  isToGo: ((now: Contact) => boolean) | null,
  edit: (now: Contact) => ContactEdit | undefined,
  book: AddressBook,
): Promise<'deleted' | 'kept'> {
  if (isToGo !== null && (await book.deleteContact(href, (now) => !isToGo(now))) !== 'kept') return 'deleted';
  await book.changeContact(href, edit);
  return 'kept';
}
