import type { AddressBook } from '../ports';
import type { Contact, ContactEdit } from '../triage/contact';
import { releaseEdit } from '../triage/release';
import { isDisposable } from '../triage/reset';
import { inHand, recordFailure, type SenderWork } from './sender-work';

/** Takes off the contacts what senders leave behind that have no verdict any more. */
export async function applyReleases(work: readonly SenderWork[], book: AddressBook): Promise<void> {
  for (const sender of inHand(work)) {
    const { plan, standing } = sender;
    const facts = { sender: plan.verdict.sender, ownUid: plan.standingFacts.ownUid };
    try {
      for (const { contact, deletable } of standing.releases) {
        await freeContact(contact, deletable, (now) => releaseEdit(now, facts), book);
      }
    } catch (error) {
      recordFailure([sender], error);
    }
  }
}

/** Deletes the contact or edits it. Whoever changes a contact meanwhile keeps it. */
export async function freeContact(
  { href }: Contact,
  deletable: boolean,
  edit: (now: Contact) => ContactEdit | undefined,
  book: AddressBook,
): Promise<'deleted' | 'kept'> {
  if (deletable && (await book.deleteContact(href, (now) => !isDisposable(now))) !== 'kept') return 'deleted';
  await book.changeContact(href, edit);
  return 'kept';
}
