import { domainOf, foldAddress } from './address';
import type { Contact } from './contact';
import { cleanName, comparableName } from './display-name';
import type { ListedMessage } from './message';
import { compareTexts } from './order';
import { addressesOf, senderOf } from './sender';

/** A sender whose mail waits in the Screener. */
export interface WaitingSender {
  /** Folded address. */
  readonly sender: string;
  /** Its domain; null where people have that who do not know each other. */
  readonly domain: string | null;
  /** The newest display name; null where no message has one. */
  readonly name: string | null;
  readonly messages: number;
  /** UTCDate of the first and of the last message. */
  readonly oldest: string;
  readonly newest: string;
  /** Of the newest message. */
  readonly subject: string;
  /** True when a message looks like one of a mailing list. */
  readonly list: boolean;
  /** True for an address that reads no answers. */
  readonly noReply: boolean;
}

/** Who waits, collected page by page: of each sender no more is kept than is told. */
export class Queue {
  readonly #senders = new Map<string, WaitingSender>();
  /** A message may come more than once. */
  readonly #seen = new Set<string>();
  #withoutSender = 0;
  #severalSenders = 0;
  readonly #isPublicDomain: (domain: string) => boolean;

  /** @param isPublicDomain true for a domain at which people have addresses who do not know each other */
  constructor(isPublicDomain: (domain: string) => boolean) {
    this.#isPublicDomain = isPublicDomain;
  }

  add(messages: readonly ListedMessage[]): void {
    for (const message of messages) {
      if (this.#seen.has(message.id)) continue;
      this.#seen.add(message.id);
      const sender = senderOf(message);
      if (addressesOf(message).length > 1) this.#severalSenders += 1;
      else if (sender === null) this.#withoutSender += 1;
      else
        this.#senders.set(sender, withMessage(this.#senders.get(sender) ?? this.#newcomer(sender, message), message));
    }
  }

  #newcomer(sender: string, { receivedAt, subject, list }: ListedMessage): WaitingSender {
    const domain = domainOf(sender);
    return {
      sender,
      domain: this.#isPublicDomain(domain) ? null : domain,
      name: null,
      messages: 0,
      oldest: receivedAt,
      newest: receivedAt,
      subject,
      list,
      noReply: isNoReply(sender),
    };
  }

  /** Whoever wrote last comes first. */
  get senders(): readonly WaitingSender[] {
    return [...this.#senders.values()].sort(
      (one, other) => compareTexts(other.newest, one.newest) || compareTexts(one.sender, other.sender),
    );
  }

  /** Messages without a usable `From`. */
  get withoutSender(): number {
    return this.#withoutSender;
  }

  /** Messages with several `From` addresses: they belong to none of these. */
  get severalSenders(): number {
    return this.#severalSenders;
  }
}

/** From so many senders on, those of one domain are told together. */
export const TOGETHER = 3;

/** Each sender for itself, in the order given, but those of one domain together where they are {@link TOGETHER} or more. */
export function byDomain<T extends Pick<WaitingSender, 'domain'>>(waiting: readonly T[]): readonly (readonly T[])[] {
  const ofDomains = new Map<string, T[]>();
  for (const one of waiting) {
    if (one.domain === null) continue;
    const others = ofDomains.get(one.domain);
    if (others === undefined) ofDomains.set(one.domain, [one]);
    else others.push(one);
  }
  const told = new Set<readonly T[]>();
  return waiting.flatMap((one) => {
    const bundle = ofDomains.get(one.domain ?? '') ?? [];
    if (bundle.length < TOGETHER) return [[one]];
    if (told.has(bundle)) return [];
    told.add(bundle);
    return [bundle];
  });
}

/** What such addresses say, in the languages that most of them are in. */
const NO_REPLY = new RegExp(
  [
    '(no|do[-._]?not|don[-._]?t|never)[-._]?(reply|respond|response|answer)',
    '(nicht|keine)[-._]?antwort',
    'ne[-._]?pas[-._]?repondre',
    'nao[-._]?responda',
  ]
    .map((words) => `(^|[^a-z])${words}`)
    .join('|'),
  'i',
);

export function isNoReply(address: string): boolean {
  return NO_REPLY.test(address.slice(0, address.lastIndexOf('@')));
}

/** A contact as far as it is a name with addresses. */
export type NamedContact = Pick<Contact, 'formattedName' | 'addresses'>;

/** Sender → the addresses that contacts of the same name have, where none of these contacts has the sender's own. */
export function knownElsewhere(
  senders: readonly WaitingSender[],
  contacts: readonly NamedContact[],
): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const { formattedName, addresses } of contacts) {
    const name = comparableName(formattedName ?? '');
    byName.set(name, [...(byName.get(name) ?? []), ...addresses]);
  }
  return new Map(
    senders.flatMap(({ sender, name }) => {
      const addresses = [...new Set(name === null ? [] : byName.get(comparableName(name)))];
      const own = addresses.some((address) => foldAddress(address) === sender);
      return own || addresses.length === 0 ? [] : [[sender, addresses] as const];
    }),
  );
}

function withMessage(known: WaitingSender, message: ListedMessage): WaitingSender {
  const { receivedAt, subject, list } = message;
  const name = cleanName(message.from?.[0]?.name ?? null);
  const isNewest = receivedAt >= known.newest;
  const isOldest = receivedAt < known.oldest;
  return {
    ...known,
    name: isNewest ? (name ?? known.name) : (known.name ?? name),
    messages: known.messages + 1,
    oldest: isOldest ? receivedAt : known.oldest,
    newest: isNewest ? receivedAt : known.newest,
    subject: isNewest ? subject : known.subject,
    list: known.list || list,
  };
}
