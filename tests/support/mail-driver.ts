import type { Account } from './account';
import { appendByImap } from './append-by-imap';
import { inBatches } from './batches';
import { type Send, type SentAnswer, sendByFewConnections } from './few-connections';
import type { Limits } from './limits';
import { membership, newEmail, type SeedMessage } from './seed-message';
import { type JmapEmail, type JmapMailbox, pathsIn, SEEN, type SeenMessage, seenIn } from './seen-mail';

/** Seeds and looks at an account's mail by plain JMAP, independent of Mailroom's own adapter. */
export interface MailDriver {
  /** Makes the mailboxes that are not there yet, parents first. */
  makeMailboxes(paths: readonly string[]): Promise<void>;
  /** Makes a mailbox of this name with the role `junk`. */
  makeJunk(name: string): Promise<void>;
  /** Paths of all mailboxes; the one with the role inbox is `Inbox`. */
  mailboxes(): Promise<readonly string[]>;
  /** Id of the mailbox with this path. */
  mailboxId(path: string): Promise<string>;
  /** Adds the message, and gives its id. */
  addMessage(message: SeedMessage): Promise<string>;
  /** Adds thousands; the ids come in the same order. */
  addMessages(messages: readonly SeedMessage[]): Promise<readonly string[]>;
  /** Adds a whole message, byte for byte. */
  importMessage(raw: Buffer, mailboxes: readonly string[]): Promise<string>;
  /** Puts the message into one more mailbox, as a tap on a label does. */
  labelMessage(id: string, path: string): Promise<void>;
  unlabelMessage(id: string, path: string): Promise<void>;
  /** Puts the message into that mailbox alone, as a swipe does. */
  moveMessage(id: string, path: string): Promise<void>;
  destroyMessage(id: string): Promise<void>;
  /** Every message of the account, the oldest first. */
  messages(): Promise<readonly SeenMessage[]>;
  /** What the message says as text and as HTML, and its size in bytes. */
  contentOf(id: string): Promise<{ readonly text: string; readonly html: string; readonly size: number }>;
  /** The mailboxes of the one message with this subject. */
  mailboxesOf(subject: string): Promise<readonly string[]>;
  /** Changes whenever mail or mailboxes do. */
  mailState(): Promise<string>;
}

interface MailboxAnswer {
  readonly list: readonly JmapMailbox[];
}

interface QueryAnswer {
  readonly ids: readonly string[];
}

interface EmailAnswer {
  readonly list: readonly JmapEmail[];
}

type Call = readonly [method: string, args: object, id: string];

interface JmapSession {
  readonly apiUrl: string;
  readonly uploadUrl: string;
  readonly capabilities: { readonly [CORE]: Limits };
  readonly primaryAccounts: Readonly<Record<string, string>>;
}

interface JmapContent {
  readonly size: number;
  readonly textBody: readonly { readonly partId: string }[];
  readonly htmlBody: readonly { readonly partId: string }[];
  readonly bodyValues: Readonly<Record<string, { readonly value: string }>>;
}

interface SetAnswer {
  readonly created?: Readonly<Record<string, { readonly id: string }>> | null;
  readonly notCreated?: object | null;
  readonly notUpdated?: object | null;
  readonly notDestroyed?: object | null;
}

const CORE = 'urn:ietf:params:jmap:core';
const MAIL = 'urn:ietf:params:jmap:mail';
const USING = [CORE, MAIL];

/** To count them as well would cost the server more than all else of them. */
const ALL_MAILBOXES = ['Mailbox/get', { ids: null, properties: ['name', 'parentId', 'role'] }] as const;

/** So many messages are worth a login by IMAP. */
const MANY = 20;

/** The most that one seeded message takes of a request. */
const BYTES_OF_MESSAGE = 2_000;

/** @param send carries the requests */
export async function openMailDriver(account: Account, send: Send = sendByFewConnections): Promise<MailDriver> {
  const authorization = `Bearer ${account.token}`;
  const session = (await answerOf(
    await send(account.sessionUrl, { headers: { authorization } }),
    account.sessionUrl,
  )) as JmapSession;
  const accountId = session.primaryAccounts[MAIL] as string;
  const { maxObjectsInGet, maxObjectsInSet, maxSizeRequest } = session.capabilities[CORE];
  const apiUrl = new URL(session.apiUrl, account.sessionUrl);
  const uploadUrl = new URL(session.uploadUrl.replace('{accountId}', accountId), account.sessionUrl);

  /** Answers of the calls, all in one request. */
  async function ask(...calls: readonly (readonly [method: string, args: object])[]): Promise<readonly unknown[]> {
    const methodCalls = calls.map(([method, args], place): Call => [method, { accountId, ...args }, String(place)]);
    const body = JSON.stringify({ using: USING, methodCalls });
    const headers = { authorization, 'content-type': 'application/json' };
    const response = await send(apiUrl, { method: 'POST', headers, body });
    const methods = calls.map(([method]) => method);
    const { methodResponses } = (await answerOf(response, methods.join())) as {
      readonly methodResponses: readonly Call[];
    };
    return methods.map((method, place) => {
      const [name, answer] = methodResponses[place] as Call;
      if (name !== method) throw new Error(`${method}: ${JSON.stringify(answer)}`);
      return answer;
    });
  }

  async function set(method: string, args: object): Promise<SetAnswer> {
    const [answer] = (await ask([method, args])) as [SetAnswer];
    const refused = { ...answer.notCreated, ...answer.notUpdated, ...answer.notDestroyed };
    if (Object.keys(refused).length > 0) throw new Error(`${method}: ${JSON.stringify(refused)}`);
    return answer;
  }

  async function upload(content: Buffer): Promise<string> {
    const headers = { authorization, 'content-type': 'message/rfc822' };
    const response = await send(uploadUrl, { method: 'POST', headers, body: new Uint8Array(content) });
    return ((await answerOf(response, 'upload')) as { readonly blobId: string }).blobId;
  }

  /** Path → id, as the server last told them: no mailbox ever gets another path. */
  let known: ReadonlyMap<string, string> = new Map();

  async function lookAtMailboxes(): Promise<void> {
    const [answer] = await ask(ALL_MAILBOXES);
    known = pathsIn((answer as MailboxAnswer).list);
  }

  async function idsAt(wanted: readonly string[]): Promise<readonly string[]> {
    if (!wanted.every((path) => known.has(path))) await lookAtMailboxes();
    return wanted.map((path) => idAt(known, path));
  }

  async function mailboxId(path: string): Promise<string> {
    return (await idsAt([path]))[0] as string;
  }

  async function makeMailboxes(wanted: readonly string[]): Promise<void> {
    const all = new Set(
      wanted.flatMap((path) => path.split('/').map((_, depth, steps) => steps.slice(0, depth + 1).join('/'))),
    );
    const deepest = Math.max(0, ...Array.from(all, (path) => path.split('/').length));
    await lookAtMailboxes();
    for (let depth = 1; depth <= deepest; depth++) {
      const missing = [...all].filter((path) => path.split('/').length === depth && !known.has(path));
      for (const batch of inBatches(missing, Math.min(maxObjectsInSet, 20))) {
        const create = batch.map((path, index) => {
          const split = path.lastIndexOf('/');
          const parentId = split < 0 ? null : idAt(known, path.slice(0, split));
          return [index, { name: path.slice(split + 1), parentId, isSubscribed: true }];
        });
        const { created } = await set('Mailbox/set', { create: Object.fromEntries(create) });
        known = new Map([...known, ...batch.map((path, index) => [path, created?.[index]?.id as string] as const)]);
      }
    }
  }

  async function addMessages(messages: readonly SeedMessage[]): Promise<readonly string[]> {
    const { imapPort } = account;
    if (imapPort !== undefined && messages.length >= MANY) return appendByImap(account, imapPort, messages);
    await idsAt(messages.flatMap(({ mailboxes }) => mailboxes));
    const ids: string[] = [];
    for (const batch of inBatches(
      messages,
      Math.min(maxObjectsInSet, 1000, Math.floor(maxSizeRequest / BYTES_OF_MESSAGE)),
    )) {
      const create = Object.fromEntries(
        batch.map((message, index) => [index, newEmail(message, (path) => idAt(known, path))]),
      );
      const { created } = await set('Email/set', { create });
      ids.push(...batch.map((_, index) => created?.[index]?.id as string));
    }
    return ids;
  }

  async function importMessage(raw: Buffer, mailboxes: readonly string[]): Promise<string> {
    const blobId = await upload(raw);
    const emails = { new: { blobId, mailboxIds: membership(await idsAt(mailboxes)) } };
    const { created } = await set('Email/import', { emails });
    return created?.new?.id as string;
  }

  async function patch(id: string, changes: object): Promise<void> {
    await set('Email/set', { update: { [id]: changes } });
  }

  async function messages(): Promise<readonly SeenMessage[]> {
    const query = { sort: [{ property: 'receivedAt', isAscending: true }] };
    const limit = Math.min(maxObjectsInGet, 1000);
    const answers = await ask(
      ALL_MAILBOXES,
      ['Email/query', { ...query, limit }],
      ['Email/get', { '#ids': { resultOf: '1', name: 'Email/query', path: '/ids' }, properties: SEEN }],
    );
    const [mailboxes, first, { list }] = answers as [MailboxAnswer, QueryAnswer, EmailAnswer];
    known = pathsIn(mailboxes.list);
    const found = [...list];
    // To look for each batch alone would take as many searches.
    const [all] = first.ids.length < limit ? [first] : ((await ask(['Email/query', query])) as [QueryAnswer]);
    for (const ids of inBatches(all.ids.slice(limit), limit)) {
      const [more] = (await ask(['Email/get', { ids, properties: SEEN }])) as [EmailAnswer];
      found.push(...more.list);
    }
    const pathById = new Map(Array.from(known, ([path, id]) => [id, path]));
    return found.map((email) => seenIn(email, pathById));
  }

  return {
    makeMailboxes,
    makeJunk: async (name) => {
      await set('Mailbox/set', { create: { junk: { name, role: 'junk', isSubscribed: true } } });
    },
    async mailboxes() {
      await lookAtMailboxes();
      return [...known.keys()].sort();
    },
    mailboxId,
    addMessage: async (message) => (await addMessages([message]))[0] as string,
    addMessages,
    importMessage,
    labelMessage: async (id, path) => patch(id, { [`mailboxIds/${await mailboxId(path)}`]: true }),
    unlabelMessage: async (id, path) => patch(id, { [`mailboxIds/${await mailboxId(path)}`]: null }),
    moveMessage: async (id, path) => patch(id, { mailboxIds: { [await mailboxId(path)]: true } }),
    destroyMessage: async (id) => {
      await set('Email/set', { destroy: [id] });
    },
    messages,
    async contentOf(id) {
      const [answer] = await ask([
        'Email/get',
        { ids: [id], properties: ['size', 'textBody', 'htmlBody', 'bodyValues'], fetchAllBodyValues: true },
      ]);
      const { list } = answer as { readonly list: readonly JmapContent[] };
      const [content] = list;
      if (content === undefined) throw new Error(`There is no message ${id}`);
      const { size, textBody, htmlBody, bodyValues } = content;
      const contentIn = (parts: JmapContent['textBody']) => bodyValues[parts[0]?.partId ?? '']?.value ?? '';
      return { text: contentIn(textBody), html: contentIn(htmlBody), size };
    },
    async mailboxesOf(subject) {
      const [message, ...others] = (await messages()).filter((each) => each.subject === subject);
      if (message === undefined || others.length > 0) throw new Error(`Not exactly one message "${subject}"`);
      return message.mailboxes;
    },
    async mailState() {
      const answers = await ask(['Email/get', { ids: [] }], ['Mailbox/get', { ids: [] }]);
      const [mail, mailboxes] = answers as [{ readonly state: string }, { readonly state: string }];
      return `${mail.state} ${mailboxes.state}`;
    },
  };
}

function idAt(paths: ReadonlyMap<string, string>, path: string): string {
  const id = paths.get(path);
  if (id === undefined) throw new Error(`There is no mailbox "${path}"`);
  return id;
}

async function answerOf(response: SentAnswer, what: string): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${what}: HTTP ${response.status} ${text}`);
  return JSON.parse(text);
}
