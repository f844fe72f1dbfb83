import type { Category } from '../../../src/triage/category';
import {
  contactAddress,
  hasVerdict,
  INBOX,
  isInGroup,
  judgedSubjects,
  labelsOf,
  type Order,
  ordersOf,
  pairs,
  type Rules,
  type Subject,
  subjectAsked,
  subjectsOf,
} from './rules';
import type { Sight, SightedMessage } from './sight';

/** Every mailbox exists, and every message, unchanged and in at least one of them. */
export function lostMail(before: Sight, after: Sight): readonly string[] {
  const now = new Map(after.messages.map((message) => [message.id, message]));
  const gone = before.mailboxes.filter((name) => !after.mailboxes.includes(name));
  const lost = before.messages.flatMap(({ id, content }) => {
    const message = now.get(id);
    if (message === undefined) return [`the message ${content} is gone`];
    if (message.content !== content) return [`the message ${content} has become ${message.content}`];
    return message.mailboxes.length > 0 ? [] : [`the message ${content} is in no mailbox`];
  });
  return [...gone.map((name) => `the mailbox ${name} is gone`), ...lost];
}

/**
 * Mail that no verdict of a judged subject rules stays where it was, but for the error label on labelled messages, and for
 * what slipped into the Screener past a verdict; so does mail of the others that lies elsewhere only, and all of it stays
 * in every mailbox that is not Mailroom's to manage.
 */
export function movedMail(before: Sight, after: Sight, triaged: ReadonlySet<Subject>, rules: Rules): readonly string[] {
  const { screener, errorLabel, warningLabel, categories, release } = rules;
  const labels = labelsOf(rules);
  const source = new Set([screener, ...labels, ...categories.map(({ mailbox }) => mailbox)]);
  const ours = new Set([...source, errorLabel, warningLabel, INBOX, ...(release === undefined ? [] : [release.junk])]);
  // A stronger verdict that nobody has asked to change keeps a message out of what is decided below it.
  const isJudged = (message: SightedMessage): boolean => {
    const subjects = subjectsOf(message);
    const first = subjects.find((subject) => triaged.has(subject) || hasVerdict(before, subject, rules));
    return first !== undefined && triaged.has(first);
  };
  return pairs(before.messages, after.messages).flatMap(([was, is]) => {
    const isLabelled = was.mailboxes.some((name) => labels.has(name));
    const kept = was.mailboxes.filter((name) => !ours.has(name));
    const lost = kept.filter((name) => !is.mailboxes.includes(name));
    const foreign = is.mailboxes.filter((name) => !ours.has(name) && !was.mailboxes.includes(name));
    const asked = subjectAsked(was, rules);
    const isAsked = isLabelled && asked !== null && triaged.has(asked);
    const isMarked = isLabelled || was.mailboxes.includes(errorLabel);
    const mayBeSwept =
      !isMarked &&
      was.mailboxes.includes(screener) &&
      subjectsOf(was).some((subject) => hasVerdict(before, subject, rules));
    const free = (isJudged(was) && was.mailboxes.some((name) => source.has(name))) || isAsked || mayBeSwept;
    const moved = free ? [] : difference(was, is).filter((change) => !(isLabelled && change === `+${errorLabel}`));
    return [...lost.map((name) => `-${name}`), ...foreign.map((name) => `+${name}`), ...moved].map(
      (change) => `the message ${was.content} was moved: ${change}`,
    );
  });
}

/**
 * A message whose label was taken off is filed, and what the label was about is in the groups of the label's chain. Where
 * the user gave several verdicts, one after the other, that holds for one of them.
 */
export function unfiledMail(before: Sight, after: Sight, rules: Rules): readonly string[] {
  const orders = ordersOf(rules);
  const judged = judgedSubjects(before, rules);
  const asked = (subject: Subject | null): readonly Order[] => {
    const messages = before.messages.filter((message) => subjectAsked(message, rules) === subject);
    return orders.filter(({ label }) => messages.some(({ mailboxes }) => mailboxes.includes(label)));
  };
  return pairs(before.messages, after.messages)
    .filter(([was, is]) => orders.some(({ label }) => was.mailboxes.includes(label) && !is.mailboxes.includes(label)))
    .flatMap(([was, is]) => {
      const subject = subjectAsked(was, rules);
      const missing = asked(subject).map((order) => {
        const obeyed = { order, subject, was, is, after, rules };
        return [...misplaced(obeyed), ...misgrouped(obeyed, judged)];
      });
      return missing.some((faults) => faults.length === 0) ? [] : missing.flat();
    });
}

/** A message whose label was taken off, and what the label asked for. */
interface Obeyed {
  readonly order: Order;
  readonly subject: Subject | null;
  readonly was: SightedMessage;
  readonly is: SightedMessage;
  readonly after: Sight;
  readonly rules: Rules;
}

/** What keeps the subject from being in the groups that an order means, and in no others. */
function misgrouped({ order, subject, was, after, rules }: Obeyed, judged: ReadonlySet<Subject>): readonly string[] {
  if (subject === null) return [];
  const isIn = (category: Category): boolean => isInGroup(after, subject, category);
  // A contact with the address of another judged sender stays where that one belongs.
  const address = contactAddress(subject);
  const isShared = after.contacts.some(
    ({ addresses }) => addresses.includes(address) && addresses.some((one) => one !== address && judged.has(one)),
  );
  const kept = order.chain.length > 0 || isShared ? [] : rules.categories.filter(isIn);
  return [
    ...order.chain
      .filter((category) => !isIn(category))
      .map(({ name }) => `${was.content} is filed, ${subject} not in the group of ${name}`),
    ...kept.map(({ name }) => `${was.content} is taken back, ${subject} still in the group of ${name}`),
  ];
}

/** Where the message is that an order put elsewhere, unless another verdict rules it: then it is out of the Screener at least. */
function misplaced({ order, subject, was, is, after, rules }: Obeyed): readonly string[] {
  const { mailboxes, chain, addToInbox } = order;
  const { categories, screener } = rules;
  const ruling = subjectsOf(was).find((each) => hasVerdict(after, each, rules));
  if (ruling !== undefined && ruling !== subject) {
    return is.mailboxes.includes(screener) ? [`${was.content} is in ${screener}, though ${ruling} rules it`] : [];
  }
  // What a domain or a list loses or sends as spam is not the mail of people whom the user knows.
  const isKnown = after.contacts.some(({ addresses }) => addresses.some((address) => address === was.sender));
  if (chain.length === 0 && subject !== was.sender && isKnown) return [];
  const toInbox = addToInbox && was.mailboxes.includes(screener);
  const wanted = [...mailboxes, ...(toInbox ? [INBOX] : [])];
  const unwanted = [screener, ...new Set(categories.map(({ mailbox }) => mailbox))].filter(
    (name) => !wanted.includes(name) && (name !== INBOX || !addToInbox),
  );
  return [
    ...wanted.filter((name) => !is.mailboxes.includes(name)).map((name) => `${was.content} is not in ${name}`),
    ...unwanted.filter((name) => is.mailboxes.includes(name)).map((name) => `${was.content} still is in ${name}`),
  ];
}

export function difference(was: SightedMessage, is: SightedMessage): readonly string[] {
  return [
    ...is.mailboxes.filter((name) => !was.mailboxes.includes(name)).map((name) => `+${name}`),
    ...was.mailboxes.filter((name) => !is.mailboxes.includes(name)).map((name) => `-${name}`),
  ];
}
