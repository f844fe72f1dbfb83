import { createHash } from 'node:crypto';
import type { Stores } from '../support/embedded/server';
import { type Sight, sightFrom } from '../support/invariants/sight';
import { withoutRandomUids } from './requests';

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

/**
 * Tells apart what an account holds for a run that begins: the same where nothing but ETags and states, which are only
 * compared, and the random UIDs of new groups differ.
 */
export function stateOf({ mail, cards }: Stores): string {
  const held = [
    [...mail.mailboxes.values()],
    Array.from(mail.emails.values(), ({ id, mailboxIds, keywords, isIndexed }) => [
      id,
      [...mailboxIds].sort(),
      [...keywords].sort(),
      isIndexed,
    ]),
    Array.from(cards.books.values(), (book) =>
      Array.from(book.cards, ([name, { text }]) => withoutRandomUids(`${book.name}/${name} ${text}`)).sort(),
    ),
  ];
  return createHash('sha1').update(JSON.stringify(held)).digest('base64');
}
