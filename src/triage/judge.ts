import { type Decision, decisionName } from './decision';
import type { EmailAddress, Message } from './message';
import { compareTexts } from './order';
import { decisionsOn, isLeftAlone, type Places } from './places';
import { addressesOf, senderOf } from './sender';

/** A sender, and what the user wants done with it. */
export interface Verdict {
  /** The address in the form that {@link senderOf} gives. */
  readonly sender: string;
  /** The newest labelled message's `From`, as written. */
  readonly from: EmailAddress;
  readonly decision: Decision;
  /** The labelled messages, newest first. */
  readonly labelled: readonly Message[];
}

/** Labelled messages that get the error label and nothing else. */
export interface Objection {
  readonly reason: 'conflict' | 'no sender' | 'several senders' | 'no junk mailbox';
  /** The sender; null where there is none. */
  readonly sender: string | null;
  /** The different `From` addresses of `several senders`, folded. */
  readonly addresses: readonly string[];
  /** Names of what was asked for. */
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
  const asked = labelled.filter((message) => decisionsOn(message, places).length > 0);
  const heard = asked.filter((message) => !isLeftAlone(message, places));
  const verdicts: Verdict[] = [];
  const objections: Objection[] = [];
  for (const messages of bySender(newestFirst(heard))) {
    const [newest] = messages;
    const sender = newest && senderOf(newest);
    const from = newest?.from?.[0];
    const addresses = newest === undefined ? [] : addressesOf(newest);
    const decisions = [...new Set(messages.flatMap((message) => decisionsOn(message, places)))];
    const [decision] = decisions;
    const categories = decisions.map(decisionName);
    if (addresses.length > 1) {
      objections.push({ reason: 'several senders', sender: null, addresses, categories: [], messages });
    } else if (!sender || from === undefined || decision === undefined) {
      objections.push({ reason: 'no sender', sender: null, addresses: [], categories: [], messages });
    } else if (decisions.length > 1) {
      objections.push({ reason: 'conflict', sender, addresses: [], categories, messages });
    } else if (decision === 'spam' && places.junk === null) {
      objections.push({ reason: 'no junk mailbox', sender, addresses: [], categories, messages });
    } else {
      verdicts.push({ sender, from, decision, labelled: messages });
    }
  }
  return { verdicts, objections, leftAlone: asked.length - heard.length };
}

/** The messages of each sender together, those of the same several senders, and those of none. */
function bySender(messages: readonly Message[]): Iterable<readonly Message[]> {
  const groups = new Map<string, Message[]>();
  for (const message of messages) {
    const addresses = addressesOf(message);
    // No sender has a line break in its address.
    const key = addresses.length > 1 ? [...addresses].sort(compareTexts).join('\n') : (senderOf(message) ?? '');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [message]);
    else group.push(message);
  }
  return groups.values();
}

function newestFirst(messages: readonly Message[]): readonly Message[] {
  return [...messages].sort(
    (one, other) => compareTexts(other.receivedAt, one.receivedAt) || compareTexts(one.id, other.id),
  );
}
