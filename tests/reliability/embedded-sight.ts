import type { Stores } from '../support/embedded/server';
import { type Sight, sightFrom } from '../support/invariants/sight';

/** What the embedded server holds, without a request. */
export function sightOf({ mail, cards }: Stores): Sight {
  const pathOf = (id: string): string => {
    const mailbox = mail.mailboxes.get(id);
    if (mailbox === undefined) throw new Error(`There is no mailbox ${id}`);
    return mailbox.parentId === null ? mailbox.name : `${pathOf(mailbox.parentId)}/${mailbox.name}`;
  };
  return sightFrom(
    Array.from(mail.mailboxes.keys(), pathOf),
    Array.from(mail.emails.values(), ({ id, subject, from, to, mailboxIds, keywords }) => ({
      id,
      subject: subject ?? '',
      from,
      to: (to ?? []).map(({ email }) => email),
      mailboxes: Array.from(mailboxIds, pathOf).sort(),
      keywords: [...keywords].sort(),
    })),
    [...cards.books.values()].flatMap((book) => Array.from(book.cards.values(), ({ text }) => text)),
  );
}
