import { escapeInvisible, plural } from '../../printable';
import type { Category } from '../../triage/category';
import { type Caution, cautionText } from '../../triage/caution';
import { byDomain, TOGETHER, type WaitingSender } from '../../triage/queue';
import type { RecordedVerdict } from '../../triage/recorded';
import { nameOf, type Subject } from '../../triage/subject';
import { suggestionFor } from '../../triage/suggestion';

/** What the letter tells of. */
export interface LetterFacts {
  /** Whoever wrote last comes first. */
  readonly waiting: readonly WaitingSender[];
  /** Messages in the Screener that belong to no sender. */
  readonly senderless: number;
  /** Sender → why one may want to look twice before one lets it in. */
  readonly cautions: ReadonlyMap<string, readonly Caution[]>;
  /** All verdicts, the newest first. */
  readonly verdicts: readonly RecordedVerdict[];
  /** Messages with the error label, and why they have it. */
  readonly errors: readonly { readonly subject: string; readonly from: string; readonly why: string }[];
  /** What a person must do. */
  readonly chores: readonly string[];
  /** What a person may want to know, and what is no reason for a letter. */
  readonly notes: readonly string[];
  readonly categories: readonly Category[];
  /** The label that takes a verdict back; null where there is none. */
  readonly undoLabel: string | null;
}

export interface Letter {
  readonly subject: string;
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  readonly items: readonly Item[];
  /** What is said below the items. */
  readonly ending: string | null;
}

export interface Item {
  readonly title: string;
  /** What the mail client is to search for, so that one finds what is meant. */
  readonly search: string | null;
  readonly lines: readonly string[];
  readonly caution: string | null;
}

/** Of the senders of one domain so many are named. */
const NAMED = 5;
const VERDICTS = 5;
const ERRORS = 20;
const LONGEST = { address: 100, name: 60, subject: 80, words: 300 } as const;

/**
 * What the letter says; undefined where nobody waits and nothing is wrong. The same facts make the same letter: nothing in
 * it depends on when it is written.
 *
 * @param most so many senders and domains are told; the rest is a number
 */
export function letterOf(facts: LetterFacts, most: number): Letter | undefined {
  const { waiting, senderless, errors, chores } = facts;
  if (waiting.length + senderless + errors.length + chores.length === 0) return undefined;
  const sections = [choresIn(facts), waitingIn(facts, most), errorsIn(facts), verdictsIn(facts)];
  return { subject: subjectOf(facts), sections: sections.filter(({ items, ending }) => items.length > 0 || ending) };
}

function subjectOf({ waiting, errors, chores }: LetterFacts): string {
  const parts = [
    ...(chores.length === 0 ? [] : ['Mailroom needs you']),
    ...(waiting.length === 0 ? [] : [`${plural(waiting.length, 'sender')} in the Screener`]),
    ...(errors.length === 0 ? [] : [`${plural(errors.length, 'message')} with the error label`]),
  ];
  return parts.length === 0 ? 'Mail without a sender in the Screener' : parts.join(', ');
}

function choresIn({ chores, notes }: LetterFacts): Section {
  const items = [...chores, ...notes].map((text) => itemWith({ title: foreign(text, LONGEST.words) }));
  return { title: 'For you to do', items, ending: null };
}

function waitingIn(facts: LetterFacts, most: number): Section {
  const { waiting, senderless, categories } = facts;
  const bundles = byDomain(waiting);
  const told = bundles.slice(0, most);
  const rest = bundles.slice(most).reduce((sum, bundle) => sum + bundle.length, 0);
  const labels = [...new Set(categories.map(({ label }) => label))].join(', ');
  const ending = [
    ...(rest === 0 ? [] : [`And ${plural(rest, 'more sender')}.`]),
    ...(senderless === 0 ? [] : [`Besides: ${plural(senderless, 'message')} without one sender alone.`]),
    ...(waiting.length === 0 ? [] : [`Put one of these labels on a message, and its sender is sorted: ${labels}.`]),
  ].join(' ');
  return {
    title: 'Who waits in the Screener',
    items: told.map((bundle) => (bundle.length < TOGETHER ? senderItem(bundle, facts) : domainItem(bundle, facts))),
    ending: ending === '' ? null : ending,
  };
}

function senderItem([one]: readonly WaitingSender[], facts: LetterFacts): Item {
  if (one === undefined) throw new Error('A bundle has senders');
  const suggestion = suggestionFor(one, facts.verdicts, facts.categories);
  return itemWith({
    title: foreign(one.sender, LONGEST.address),
    search: `from:${one.sender}`,
    lines: [
      ...(one.name === null ? [] : [`calls itself “${foreign(one.name, LONGEST.name)}”`]),
      countOf(one),
      `“${foreign(one.subject, LONGEST.subject)}”`,
      ...(suggestion === null
        ? []
        : [`Perhaps ${suggestion.category.name} (${suggestion.category.label}): ${foreign(suggestion.because, 150)}.`]),
    ],
    caution: cautionOn(one, facts),
  });
}

function domainItem(bundle: readonly WaitingSender[], facts: LetterFacts): Item {
  const [first] = bundle;
  const domain = first?.domain ?? '';
  const cautions = bundle.flatMap((one) => {
    const caution = cautionOn(one, facts);
    return caution === null ? [] : [`${foreign(one.sender, LONGEST.address)}: ${caution}`];
  });
  const suggestions = new Set(
    bundle.map((one) => {
      const suggestion = suggestionFor(one, facts.verdicts, facts.categories);
      return suggestion && `Perhaps ${suggestion.category.name} (${suggestion.category.label}).`;
    }),
  );
  const [suggestion] = suggestions;
  return itemWith({
    title: `${foreign(domain, LONGEST.address)}: ${plural(bundle.length, 'sender')}`,
    search: `from:${domain}`,
    lines: [
      ...bundle
        .slice(0, NAMED)
        .map(
          (one) =>
            `${foreign(one.sender, LONGEST.address)}: ${countOf(one)}: “${foreign(one.subject, LONGEST.subject)}”`,
        ),
      ...(bundle.length > NAMED ? [`and ${plural(bundle.length - NAMED, 'more sender')}`] : []),
      ...(suggestions.size === 1 && suggestion ? [suggestion] : []),
    ],
    caution: cautions.length === 0 ? null : cautions.slice(0, NAMED).join('; '),
  });
}

function countOf({ messages, oldest }: WaitingSender): string {
  return `${plural(messages, 'message')} since ${oldest.slice(0, 10)}`;
}

function cautionOn({ sender }: WaitingSender, { cautions }: LetterFacts): string | null {
  const texts = cautions.get(sender)?.map((caution) => foreign(cautionText(caution), LONGEST.words)) ?? [];
  return texts.length === 0 ? null : texts.join('; ');
}

function errorsIn({ errors }: LetterFacts): Section {
  const rest = errors.length - ERRORS;
  return {
    title: 'Messages with the error label',
    items: errors.slice(0, ERRORS).map(({ subject, from, why }) =>
      itemWith({
        title: `“${foreign(subject, LONGEST.subject)}”`,
        lines: [foreign(from, LONGEST.address), foreign(why, LONGEST.words)],
      }),
    ),
    ending:
      errors.length === 0
        ? null
        : `${rest > 0 ? `And ${plural(rest, 'more message')}. ` : ''}Put it right, then take the error label off.`,
  };
}

function verdictsIn({ verdicts, undoLabel }: LetterFacts): Section {
  const way =
    undoLabel === null
      ? 'To change a verdict, put another triage label on one of the messages.'
      : `To take a verdict back, put ${undoLabel} on one of the messages; to change it, another triage label.`;
  return {
    title: 'The last verdicts',
    items: verdicts.slice(0, VERDICTS).map(({ date, subject, from, category }) =>
      itemWith({
        title: foreign(subject === null ? 'a sender without an address' : nameOf(subject), LONGEST.address),
        search: subject === null ? null : searchFor(subject),
        lines: [`${date}: ${foreign(from === null ? category : `${from} → ${category}`, LONGEST.name)}`],
      }),
    ),
    ending: verdicts.length === 0 ? null : way,
  };
}

/** In the words of Fastmail's search. */
function searchFor({ kind, address }: Subject): string {
  return kind === 'list' ? `to:${address}` : `from:${kind === 'domain' ? address.slice(1) : address}`;
}

function itemWith(item: Partial<Item> & Pick<Item, 'title'>): Item {
  return { search: null, lines: [], caution: null, ...item };
}

/** What others wrote, in one line of bounded length that shows all of its characters. */
function foreign(text: string, most: number): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  const characters = Array.from(line.slice(0, 2 * most + 2));
  const cut = characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line;
  return escapeInvisible(cut);
}
