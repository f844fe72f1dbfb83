import { MailroomError } from '../../src/errors';
import type { Mail, Mailbox, MessageExtra, MessageQuery, UpdateOutcome } from '../../src/ports';
import { foldAddress } from '../../src/triage/address';
import type { Message, MessageChange } from '../../src/triage/message';
import { revise } from '../../src/triage/revision';
import { distinct } from './builders';
import { type Journal, journalWith, signed, soon } from './journal';

export interface FakeMailOptions {
  readonly mailboxes: readonly Mailbox[];
  readonly messages: readonly Message[];
  readonly journal?: Journal;
  /** Ids of messages that the server's search does not know yet. Listing a mailbox finds them. */
  readonly unindexed?: readonly string[];
  /** Ids of messages that the server will not change. */
  readonly refused?: readonly string[];
  /** Messages of one page. */
  readonly pageSize?: number;
  /** Messages in one write. */
  readonly chunkSize?: number;
  readonly username?: string;
}

/** A mail server in memory, as {@link Mail} describes it. */
export class FakeMail {
  /** Queries that were made, in order. */
  readonly queries: MessageQuery[] = [];
  readonly #options: Required<FakeMailOptions>;
  readonly #messages: Map<string, Message>;
  readonly #keywords = new Map<string, MessageChange['keywords']>();

  constructor(options: FakeMailOptions) {
    this.#options = {
      journal: journalWith(),
      unindexed: [],
      refused: [],
      pageSize: 3,
      chunkSize: 100,
      username: 'user@home.example',
      ...options,
    };
    distinct(options.mailboxes, 'id');
    this.#messages = new Map(distinct(options.messages, 'id').map((message) => [message.id, message]));
  }

  /** Mailboxes of each message, sorted. */
  get places(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries([...this.#messages].map(([id, { mailboxIds }]) => [id, [...mailboxIds].sort()]));
  }

  get messages(): readonly Message[] {
    return [...this.#messages.values()];
  }

  /** Id of a message → the keywords that were set and cleared, where there were any. */
  get keywords(): Readonly<Record<string, MessageChange['keywords']>> {
    return Object.fromEntries(this.#keywords);
  }

  /** As somebody else changes it. */
  put(message: Message): void {
    this.#messages.set(message.id, message);
  }

  delete(id: string): void {
    this.#messages.delete(id);
  }

  open(): Mail {
    const count = (id: string) =>
      [...this.#messages.values()].filter(({ mailboxIds }) => mailboxIds.includes(id)).length;
    return {
      mailboxes: this.#options.mailboxes.map((mailbox) => ({ ...mailbox, totalEmails: count(mailbox.id) })),
      writable: true,
      username: this.#options.username,
      messages: (queries, extras = []) => this.#read(queries, extras),
      authenticationResults: async () => new Map(),
      listedMessages: () => {
        throw new Error('No cycle lists messages');
      },
      update: (changes) => this.#update(changes),
      createMailboxes: () => {
        throw new Error('No cycle makes mailboxes');
      },
      ownAddresses: async () => [this.#options.username],
      ownMessages: async () => [],
      createMessage: () => {
        throw new Error('No cycle makes messages');
      },
      destroyMessages: () => {
        throw new Error('No cycle destroys messages');
      },
    };
  }

  async *#read(queries: readonly MessageQuery[], extras: readonly MessageExtra[]): AsyncGenerator<readonly Message[]> {
    this.queries.push(...queries);
    for (const query of queries) {
      const found = [...this.#messages.values()]
        .filter((message) => this.#fits(message, query))
        .sort((one, other) => (one.receivedAt < other.receivedAt ? -1 : 1));
      for (let start = 0; start < found.length; start += this.#options.pageSize) {
        await soon();
        const page = found.slice(start, start + this.#options.pageSize);
        yield extras.includes('lists') ? page : page.map(withoutLists);
      }
    }
  }

  #fits({ id, mailboxIds, receivedAt, from, recipients }: Message, query: MessageQuery): boolean {
    return (
      (query.inMailboxes === undefined || query.inMailboxes.some((mailbox) => mailboxIds.includes(mailbox))) &&
      (query.since === undefined || receivedAt >= query.since) &&
      (query.from === undefined || (!this.#options.unindexed.includes(id) && overMatches(from, query.from))) &&
      (query.to === undefined ||
        (!this.#options.unindexed.includes(id) && query.to.some((address) => recipients?.includes(address))))
    );
  }

  async #update(changes: readonly MessageChange[]): Promise<ReadonlyMap<string, UpdateOutcome>> {
    const outcomes = new Map<string, UpdateOutcome>();
    const real = changes.filter(
      ({ add, remove, keywords }) => add.length + remove.length > 0 || keywords !== undefined,
    );
    for (const { id } of changes) outcomes.set(id, { kind: 'updated' });
    for (let start = 0; start < real.length; start += this.#options.chunkSize) {
      await soon();
      const chunk = real.slice(start, start + this.#options.chunkSize);
      for (const [id, outcome] of this.#updateChunk(chunk)) outcomes.set(id, outcome);
    }
    return outcomes;
  }

  /** A chunk that fails as a whole is one whose messages all failed, as with JMAP. */
  #updateChunk(chunk: readonly MessageChange[]): ReadonlyMap<string, UpdateOutcome> {
    const line = chunk.map(({ id, add, remove }) => `${id}${signed('+', add)}${signed('-', remove)}`).join(', ');
    try {
      return this.#options.journal.write(
        `mail: ${line}`,
        () => new Map(chunk.map((change) => [change.id, this.#change(change)])),
      );
    } catch (error) {
      if (!(error instanceof MailroomError) || error.code === 'credentials') throw error;
      const outcome = { kind: 'failed', reason: error.message } as const;
      return new Map(chunk.map(({ id }) => [id, outcome]));
    }
  }

  #change(planned: MessageChange): UpdateOutcome {
    const { id } = planned;
    const message = this.#messages.get(id);
    if (message === undefined) return { kind: 'gone' };
    const { change, moved } = revise(planned, message.mailboxIds);
    const { add, remove } = change;
    if (this.#options.refused.includes(id)) return { kind: 'refused', reason: 'forbidden' };
    const kept = message.mailboxIds.filter((mailbox) => !remove.includes(mailbox));
    const mailboxIds = [...new Set([...kept, ...add])];
    const unknown = add.some((mailbox) => !this.#options.mailboxes.some((known) => known.id === mailbox));
    if (unknown || mailboxIds.length === 0) return { kind: 'refused', reason: 'invalidProperties' };
    this.#messages.set(id, { ...message, mailboxIds });
    if (change.keywords !== undefined) this.#keywords.set(id, change.keywords);
    return { kind: moved ? 'moved' : 'updated' };
  }
}

/** As it is read where nobody asks for more. */
function withoutLists({ id, from, mailboxIds, receivedAt }: Message): Message {
  return { id, from, mailboxIds, receivedAt };
}

/** As servers do that split addresses into words: `ann@x` finds `joann@x` as well. */
function overMatches(from: Message['from'], addresses: readonly string[]): boolean {
  return (from ?? []).some(({ name, email }) =>
    addresses.some((address) => `${name ?? ''} ${foldAddress(email)}`.includes(foldAddress(address))),
  );
}
