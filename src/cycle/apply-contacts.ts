import { MailroomError } from '../errors';
import type { AddressBook } from '../ports';
import { editOf, planStanding, type Standing } from '../triage/standing';
import { nameOf, type Subject } from '../triage/subject';
import { recordFailure, type VerdictWork } from './verdict-work';

/** How many verdicts are in hand at the same time: so many are finished after a signal, and no more are started. */
const VERDICTS_AT_ONCE = 8;

/** After so many verdicts in a row that failed for reasons that pass, the server is not worth asking for the next. */
const FAILURES_IN_A_ROW = 10;

/** How often a verdict is planned again when somebody else changes the same contacts. */
const ATTEMPTS = 5;

export interface ContactsContext {
  readonly book: AddressBook;
  /** Aborted when no further verdict is to be started. */
  readonly stop: AbortSignal;
  /** The UID of Mailroom's own contact for an address; by attempt, as the user may have given one to another address. */
  readonly ownUid: (address: string, attempt: number) => string;
  readonly onStart: () => void;
}

/** Brings the contact of each verdict into being, a few at a time. What fails is recorded with its verdict. */
export async function applyContacts(work: readonly VerdictWork[], context: ContactsContext): Promise<void> {
  const queue = [...work];
  context.book.expectChanges(
    work.flatMap(({ standing: { step } }) => (step.kind === 'change' ? [step.contact.href] : [])),
  );
  let failuresInARow = 0;
  const worker = async (): Promise<void> => {
    while (!context.stop.aborted && failuresInARow < FAILURES_IN_A_ROW) {
      const verdict = queue.shift();
      if (verdict === undefined) return;
      verdict.started = true;
      context.onStart();
      try {
        verdict.standing = await settle(verdict, context);
        failuresInARow = 0;
      } catch (error) {
        recordFailure([verdict], error);
        failuresInARow = verdict.failure?.code === 'transient' ? failuresInARow + 1 : 0;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: VERDICTS_AT_ONCE }, worker));
  } finally {
    // What one worker throws is thrown at once: the others finish what they have, and take no more.
    queue.length = 0;
  }
}

/** Writes the contact; where it turns out to exist, or to be gone, reads and plans the verdict again. */
async function settle({ plan, standing }: VerdictWork, context: ContactsContext): Promise<Standing> {
  const { book, ownUid } = context;
  const { subject, email } = plan.verdict;
  let current = standing;
  let taken = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    holdBack(subject, book);
    if (await write(current, plan.standingFacts, book)) return current;
    const contacts = await book.findByAddress([email]);
    // The UID is taken, but not by this address: the user gave Mailroom's contact another one.
    if (current.step.kind === 'create' && contacts.length === 0) taken += 1;
    current = planStanding({ ...plan.standingFacts, contacts, ownUid: ownUid(subject.address, taken) });
  }
  throw new MailroomError({
    code: 'transient',
    message: `The contact of ${nameOf(subject)} is changed by somebody else all the time`,
  });
}

/** True when the contact is as planned. */
async function write({ step, from }: Standing, facts: VerdictWork['plan']['standingFacts'], book: AddressBook) {
  switch (step.kind) {
    case 'create':
      return (await book.createContact(step.contact)) === 'created';
    case 'change':
      return (await book.changeContact(step.contact.href, (contact) => editOf(contact, facts, from))) !== 'gone';
    case 'keep':
    case 'none':
      return true;
  }
}

/**
 * Throws `refused` where a card that cannot be read may be the subject's, which would get a second contact, or that of a
 * sender at a domain, whose own verdict would not be seen.
 */
function holdBack(subject: Subject, book: AddressBook): void {
  const { kind, address } = subject;
  const texts = kind === 'domain' ? [address, address.slice(1)] : [address];
  const card = book.unreadable().find(({ mayBelongTo }) => texts.some((text) => mayBelongTo.includes(text)));
  if (card === undefined) return;
  throw new MailroomError({
    code: 'refused',
    message: `The contact of ${nameOf(subject)} may be ${card.href}, which ${card.reason}`,
    hint: 'Repair or delete that contact, then take the error label off',
  });
}
