import { domainOf } from './address';
import { type Decision, decisionName } from './decision';
import type { Message } from './message';
import { compareTexts } from './order';
import { carries, decisionsOn, isLeftAlone, type Places } from './places';
import { addressesOf, senderOf } from './sender';
import { domainSubject, keyOf, listOf, postingAddressOf, type Subject, senderSubject } from './subject';

/** A sender, a domain or a list, and what the user wants done with it. */
export interface Verdict {
  readonly subject: Subject;
  /** What a contact of Mailroom's has as its address: a sender's as it stands in the newest labelled message. */
  readonly email: string;
  readonly decision: Decision;
  /** The labelled messages, newest first. */
  readonly labelled: readonly Message[];
}

/** Why labelled messages get the error label and nothing else. */
export type ObjectionReason =
  | 'conflict'
  | 'no sender'
  | 'several senders'
  | 'no junk mailbox'
  /** Both `@WholeDomain` and `@WholeList` stand beside the triage label. */
  | 'domain and list'
  /** Its addresses belong to people who have nothing to do with each other. */
  | 'public domain'
  | 'own domain'
  /** No `List-Post` says where the message's list is posted to. */
  | 'no list'
  | 'not addressed to its list'
  /** A verdict is to be taken back that is the domain's alone, or a list's. */
  | 'verdict of its domain'
  | 'verdict of its list';

/** Labelled messages that get the error label and nothing else. */
export interface Objection {
  readonly reason: ObjectionReason;
  /** Who was judged; null where there is no sender. */
  readonly subject: Subject | null;
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

/** Domains on which no verdict is given. Names as addresses have them behind the `@`, folded. */
export interface RefusedDomains {
  readonly isPublic: (domain: string) => boolean;
  /** Those of the user's own addresses. */
  readonly own: ReadonlySet<string>;
}

export const NO_REFUSED_DOMAINS: RefusedDomains = { isPublic: () => false, own: new Set() };

/** True where {@link judge} needs to know which domains are refused. */
export function judgesDomains(labelled: readonly Message[], places: Places): boolean {
  return heardOf(labelled, places).some((message) => carries(message, places.wholeDomain));
}

/** Decides who is triaged to what. `labelled`: every message in any triage label. */
export function judge(
  labelled: readonly Message[],
  places: Places,
  refused: RefusedDomains = NO_REFUSED_DOMAINS,
): Judgement {
  // The user may take a label off while the messages are read.
  const asked = labelled.filter((message) => decisionsOn(message, places).length > 0);
  const heard = heardOf(asked, places);
  const outcomes = groups(newestFirst(heard), places).map((group) => judgeGroup(group, places, refused));
  return {
    verdicts: outcomes.flatMap((outcome) => ('decision' in outcome ? outcome : [])),
    objections: outcomes.flatMap((outcome) => ('decision' in outcome ? [] : outcome)),
    leftAlone: asked.length - heard.length,
  };
}

function heardOf(labelled: readonly Message[], places: Places): readonly Message[] {
  return labelled.filter((message) => decisionsOn(message, places).length > 0 && !isLeftAlone(message, places));
}

/** What a message's labels are about, or why they can be about nothing. */
interface Group {
  readonly subject: Subject | null;
  readonly objection: ObjectionReason | null;
  readonly messages: Message[];
}

function judgeGroup(
  { subject, objection, messages }: Group,
  places: Places,
  refused: RefusedDomains,
): Verdict | Objection {
  const decisions = [...new Set(messages.flatMap((message) => decisionsOn(message, places)))];
  const [decision] = decisions;
  const reason = objection ?? objectionTo(subject, decisions, places, refused);
  if (subject !== null && decision !== undefined && reason === null) {
    const [newest] = messages;
    const written = subject.kind === 'sender' ? newest?.from?.[0]?.email : undefined;
    return { subject, email: written ?? subject.address, decision, labelled: messages };
  }
  const addresses = reason === 'several senders' ? messages.slice(0, 1).flatMap(addressesOf) : [];
  return {
    reason: reason ?? 'no sender',
    subject,
    addresses,
    categories: subject === null ? [] : decisions.map(decisionName),
    messages,
  };
}

function objectionTo(
  subject: Subject | null,
  decisions: readonly Decision[],
  places: Places,
  { isPublic, own }: RefusedDomains,
): ObjectionReason | null {
  if (decisions.length > 1) return 'conflict';
  // Whatever got a verdict once can lose it.
  if (subject?.kind === 'domain' && decisions[0] !== 'take back') {
    const domain = domainOf(subject.address);
    if (own.has(domain)) return 'own domain';
    if (isPublic(domain)) return 'public domain';
  }
  return decisions[0] === 'spam' && places.junk === null ? 'no junk mailbox' : null;
}

/** The messages of each subject together, those of the same several senders, and those of none. */
function groups(messages: readonly Message[], places: Places): readonly Group[] {
  const found = new Map<string, Group>();
  for (const message of messages) {
    const { subject, objection } = askedAbout(message, places);
    const addresses = subject === null ? [...addressesOf(message)].sort(compareTexts) : [];
    const key = JSON.stringify([objection, subject && keyOf(subject), objection === 'several senders' && addresses]);
    const group = found.get(key);
    if (group === undefined) found.set(key, { subject, objection, messages: [message] });
    else group.messages.push(message);
  }
  return [...found.values()];
}

function askedAbout(message: Message, places: Places): Pick<Group, 'subject' | 'objection'> {
  const sender = senderOf(message);
  if (sender === null) {
    return { subject: null, objection: addressesOf(message).length > 1 ? 'several senders' : 'no sender' };
  }
  const subject = senderSubject(sender);
  const [domain, list] = [places.wholeDomain, places.wholeList].map((label) => carries(message, label));
  if (domain && list) return { subject, objection: 'domain and list' };
  if (domain) return { subject: domainSubject(sender), objection: null };
  if (!list) return { subject, objection: null };
  const its = listOf(message);
  if (its !== null) return { subject: its, objection: null };
  return { subject, objection: postingAddressOf(message) === null ? 'no list' : 'not addressed to its list' };
}

function newestFirst(messages: readonly Message[]): readonly Message[] {
  return [...messages].sort(
    (one, other) => compareTexts(other.receivedAt, one.receivedAt) || compareTexts(one.id, other.id),
  );
}
