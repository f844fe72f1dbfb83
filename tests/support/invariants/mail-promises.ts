import { hasVerdict, INBOX, isInGroup, managedGroups, type Order, ordersOf, pairs, type Rules } from './rules';
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
 * Mail of senders that are not to be triaged stays where it was, but for the error label on labelled messages, and for
 * what slipped into the Screener past a verdict; so does mail of the others that lies elsewhere only, and all of it stays
 * in every mailbox that is not Mailroom's to manage.
 */
export function movedMail(before: Sight, after: Sight, triaged: ReadonlySet<string>, rules: Rules): readonly string[] {
  const { screener, errorLabel, warningLabel, categories, release } = rules;
  const labels = new Set(ordersOf(rules).map(({ label }) => label));
  const source = new Set([screener, ...labels, ...categories.map(({ mailbox }) => mailbox)]);
  const ours = new Set([...source, errorLabel, warningLabel, INBOX, ...(release === undefined ? [] : [release.junk])]);
  return pairs(before.messages, after.messages).flatMap(([was, is]) => {
    const isLabelled = was.mailboxes.some((name) => labels.has(name));
    const kept = was.mailboxes.filter((name) => !ours.has(name));
    const lost = kept.filter((name) => !is.mailboxes.includes(name));
    const foreign = is.mailboxes.filter((name) => !ours.has(name) && !was.mailboxes.includes(name));
    const isJudged = was.sender !== null && triaged.has(was.sender) && was.mailboxes.some((name) => source.has(name));
    const isMarked = isLabelled || was.mailboxes.includes(errorLabel);
    const mayBeSwept =
      was.sender !== null && !isMarked && was.mailboxes.includes(screener) && hasVerdict(before, was.sender, rules);
    const free = isJudged || mayBeSwept;
    const moved = free ? [] : difference(was, is).filter((change) => !(isLabelled && change === `+${errorLabel}`));
    return [...lost.map((name) => `-${name}`), ...foreign.map((name) => `+${name}`), ...moved].map(
      (change) => `the message ${was.content} was moved: ${change}`,
    );
  });
}

/**
 * A message whose label was taken off is filed, and its sender is in the groups of the label's chain. Where the user gave
 * several verdicts, one after the other, that holds for one of them.
 */
export function unfiledMail(before: Sight, after: Sight, rules: Rules): readonly string[] {
  const orders = ordersOf(rules);
  const asked = (sender: string | null): readonly Order[] => {
    const messages = before.messages.filter((message) => message.sender === sender);
    return orders.filter(({ label }) => messages.some(({ mailboxes }) => mailboxes.includes(label)));
  };
  return pairs(before.messages, after.messages)
    .filter(([was, is]) => orders.some(({ label }) => was.mailboxes.includes(label) && !is.mailboxes.includes(label)))
    .flatMap(([was, is]) => {
      const missing = asked(was.sender).map((order) => missingFrom(order, was, is, after, rules));
      return missing.some((faults) => faults.length === 0) ? [] : missing.flat();
    });
}

/** What keeps a message from being where an order puts it, and its sender too. */
function missingFrom(
  { mailboxes, groups, addToInbox }: Order,
  was: SightedMessage,
  is: SightedMessage,
  after: Sight,
  rules: Rules,
): readonly string[] {
  const { categories, screener } = rules;
  const toInbox = addToInbox && was.mailboxes.includes(screener);
  const wanted = [...mailboxes, ...(toInbox ? [INBOX] : [])];
  const unwanted = [screener, ...new Set(categories.map(({ mailbox }) => mailbox))].filter(
    (name) => !wanted.includes(name) && (name !== INBOX || !addToInbox),
  );
  const isIn = (group: string): boolean => was.sender !== null && isInGroup(after, was.sender, group);
  const kept = groups.length > 0 ? [] : [...managedGroups(rules)].filter(isIn);
  return [
    ...wanted.filter((name) => !is.mailboxes.includes(name)).map((name) => `${was.content} is not in ${name}`),
    ...unwanted.filter((name) => is.mailboxes.includes(name)).map((name) => `${was.content} still is in ${name}`),
    ...groups.filter((group) => !isIn(group)).map((group) => `${was.content} is filed, its sender not in ${group}`),
    ...kept.map((group) => `${was.content} is taken back, its sender still in ${group}`),
  ];
}

export function difference(was: SightedMessage, is: SightedMessage): readonly string[] {
  return [
    ...is.mailboxes.filter((name) => !was.mailboxes.includes(name)).map((name) => `+${name}`),
    ...was.mailboxes.filter((name) => !is.mailboxes.includes(name)).map((name) => `-${name}`),
  ];
}
