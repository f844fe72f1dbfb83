import { domainOf } from './address';
import { areSeveralNames } from './caution';
import { cleanName } from './display-name';
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
  /** True where it writes in the names of several people, as relays do. */
  readonly severalNames: boolean;
  readonly messages: number;
  /** UTCDate of the first and of the last message. */
  readonly oldest: string;
  readonly newest: string;
  /** Of the newest message. */
  readonly subject: string;
  readonly newestId: string;
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

  #newcomer(sender: string, { id, receivedAt, subject, list }: ListedMessage): WaitingSender {
    const domain = domainOf(sender);
    return {
      sender,
      domain: this.#isPublicDomain(domain) ? null : domain,
      name: null,
      severalNames: false,
      messages: 0,
      oldest: receivedAt,
      newest: receivedAt,
      subject,
      newestId: id,
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

function withMessage(known: WaitingSender, message: ListedMessage): WaitingSender {
  const { id, receivedAt, subject, list } = message;
  const name = cleanName(message.from?.[0]?.name ?? null);
  const isNewest = receivedAt >= known.newest;
  const isOldest = receivedAt < known.oldest;
  return {
    ...known,
    name: isNewest ? (name ?? known.name) : (known.name ?? name),
    severalNames: known.severalNames || areSeveralNames([name, known.name], known.sender),
    messages: known.messages + 1,
    oldest: isOldest ? receivedAt : known.oldest,
    newest: isNewest ? receivedAt : known.newest,
    subject: isNewest ? subject : known.subject,
    newestId: isNewest ? id : known.newestId,
    list: known.list || list,
  };
}
