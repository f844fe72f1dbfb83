import { foldAddress } from './address';
import { isCardText } from './card-text';
import type { Category } from './category';
import type { EmailAddress, Message } from './message';
import { compareTexts } from './order';
import { isLeftAlone, type Places, verdictsOn } from './places';

/** A sender, and what the user wants done with it. */
export interface Verdict {
  /** The address in the form that {@link foldAddress} gives. */
  readonly sender: string;
  /** The newest labelled message's `From`, as written. */
  readonly from: EmailAddress;
  readonly category: Category;
  /** The labelled messages, newest first. */
  readonly labelled: readonly Message[];
}

/** Labelled messages that get the error label and nothing else. */
export interface Objection {
  readonly reason: 'conflict' | 'no sender';
  /** The sender in conflict; null where there is none. */
  readonly sender: string | null;
  /** Names of the categories that were asked for. */
  readonly categories: readonly string[];
  readonly messages: readonly Message[];
}

export interface Judgement {
  readonly verdicts: readonly Verdict[];
  readonly objections: readonly Objection[];
  /** How many labelled messages carry the error label already. */
  readonly leftAlone: number;
}

/** Decides who is triaged to what. `labelled`: every message in any triage label. */
export function judge(labelled: readonly Message[], places: Places): Judgement {
  // The user may take a label off while the messages are read.
  const asked = labelled.filter((message) => verdictsOn(message, places).length > 0);
  const heard = asked.filter((message) => !isLeftAlone(message, places));
  const bySender = new Map<string | null, Message[]>();
  for (const message of newestFirst(heard)) {
    const sender = senderOf(message);
    const messages = bySender.get(sender);
    if (messages === undefined) bySender.set(sender, [message]);
    else messages.push(message);
  }
  const verdicts: Verdict[] = [];
  const objections: Objection[] = [];
  for (const [sender, messages] of bySender) {
    const categories = [...new Set(messages.flatMap((message) => verdictsOn(message, places)))];
    const [category] = categories;
    const from = messages[0]?.from?.[0];
    if (sender === null || from === undefined || category === undefined) {
      objections.push({ reason: 'no sender', sender: null, categories: [], messages });
    } else if (categories.length > 1) {
      objections.push({ reason: 'conflict', sender, categories: categories.map(({ name }) => name), messages });
    } else {
      verdicts.push({ sender, from, category, labelled: messages });
    }
  }
  return { verdicts, objections, leftAlone: asked.length - heard.length };
}

/** The sender of a message: its first `From` address, folded; null when that is no address. */
export function senderOf(message: Message): string | null {
  const email = message.from?.[0]?.email;
  return email !== undefined && isAddress(email) ? foldAddress(email) : null;
}

/** An address is text around an `@`, and has to fit into a card. */
export function isAddress(text: string): boolean {
  return isCardText(text) && /^.+@[^@]+$/su.test(text);
}

function newestFirst(messages: readonly Message[]): readonly Message[] {
  return [...messages].sort(
    (one, other) => compareTexts(other.receivedAt, one.receivedAt) || compareTexts(one.id, other.id),
  );
}
