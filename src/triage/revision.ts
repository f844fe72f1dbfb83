import type { MessageChange } from './message';

/** What a planned change comes to for a message as it is now. */
export interface Revision {
  /** What is left to be written; nothing where both lists are empty. */
  readonly change: MessageChange;
  /** True when the user has put the message elsewhere since it was read. There it stays, and at most loses labels of Mailroom's. */
  readonly moved: boolean;
}

/**
 * What of a planned change still holds for a message that meanwhile is in these mailboxes. One that has left all mailboxes
 * that it was to be filed from stays where the user has put it, unless it is in nothing but mailboxes that it was to leave:
 * a message moved into its triage label is to be filed. No message is taken out of its last mailbox.
 */
export function revise(planned: MessageChange, mailboxIds: readonly string[]): Revision {
  const { id, whileIn, keywords } = planned;
  const missing = planned.add.filter((mailbox) => !mailboxIds.includes(mailbox));
  const remove = planned.remove.filter((mailbox) => mailboxIds.includes(mailbox));
  const isOnlyToLeave = remove.length === mailboxIds.length;
  const holds = whileIn.some((mailbox) => mailboxIds.includes(mailbox)) || isOnlyToLeave;
  const add = holds ? missing : [];
  if (isOnlyToLeave && add.length === 0) return { change: { id, whileIn, add, remove: [] }, moved: true };
  const marks = holds && keywords !== undefined ? { keywords } : {};
  return { change: { id, whileIn, add, remove, ...marks }, moved: missing.length > add.length };
}
