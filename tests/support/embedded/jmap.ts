import type { Limits } from '../limits';
import { getEmails, importEmails, setEmails } from './email-methods';
import { queryEmails } from './email-query';
import type { MailStore } from './mail-store';
import { getMailboxes, queryMailboxes, setMailboxes } from './mailbox-methods';
import { type Arguments, isRecord, MethodError } from './method-error';

export interface JmapAnswer {
  readonly status: number;
  readonly body: object;
}

type Method = (store: MailStore, args: Arguments) => object;
type Call = readonly [name: string, args: Arguments, id: string];

const CAPABILITIES = ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail'];

const METHODS: Readonly<Record<string, Method>> = {
  'Core/echo': (_, args) => args,
  'Mailbox/get': getMailboxes,
  'Mailbox/query': queryMailboxes,
  'Mailbox/set': setMailboxes,
  'Email/query': queryEmails,
  'Email/get': getEmails,
  'Email/set': setEmails,
  'Email/import': importEmails,
};

/** The session resource (RFC 8620, section 2). Its URLs are relative, as Cyrus sends them. */
export function sessionOf(username: string, limits: Limits): object {
  const account = {
    name: username,
    isPersonal: true,
    isReadOnly: false,
    accountCapabilities: {
      [CAPABILITIES[0] as string]: {},
      [CAPABILITIES[1] as string]: { maxMailboxesPerEmail: 20, mayCreateTopLevelMailbox: true },
    },
  };
  return {
    username,
    apiUrl: '/jmap/',
    downloadUrl: '/jmap/download/{accountId}/{blobId}/{name}?accept={type}',
    uploadUrl: '/jmap/upload/{accountId}/',
    eventSourceUrl: '/jmap/eventsource/?types={types}&closeafter={closeafter}&ping={ping}',
    state: '0',
    capabilities: {
      'urn:ietf:params:jmap:core': {
        ...limits,
        maxSizeUpload: 1_073_741_824,
        maxConcurrentUpload: 5,
        collationAlgorithms: [],
      },
      'urn:ietf:params:jmap:mail': {},
    },
    accounts: { [username]: account },
    primaryAccounts: { 'urn:ietf:params:jmap:mail': username },
  };
}

/** Answers one request to the API (RFC 8620, section 3). */
export function answerJmap(username: string, store: MailStore, limits: Limits, text: string): JmapAnswer {
  const request = parse(text);
  if (request === undefined) return refuse(400, 'notJSON');
  const { using, methodCalls } = request;
  if (!Array.isArray(using) || !Array.isArray(methodCalls)) return refuse(400, 'notRequest');
  const calls = methodCalls as readonly Call[];
  const unknown = using.find((capability) => !CAPABILITIES.includes(capability));
  if (unknown !== undefined) return refuse(400, 'unknownCapability', { detail: `The server does not know ${unknown}` });
  const limit = exceeded(calls, limits);
  if (limit !== undefined) return refuse(400, 'limit', { limit });

  const answers: Call[] = [];
  for (const [name, args, id] of calls) {
    try {
      const resolved = resolveReferences(args, answers);
      const method = METHODS[name];
      if (method === undefined) throw new MethodError('unknownMethod');
      if (name !== 'Core/echo' && resolved.accountId !== username) throw new MethodError('accountNotFound');
      if (name.endsWith('/get') && countOf(resolved.ids) > limits.maxObjectsInGet)
        throw new MethodError('requestTooLarge');
      answers.push([name, { accountId: username, ...method(store, resolved) }, id]);
    } catch (error) {
      if (!(error instanceof MethodError)) throw error;
      answers.push(['error', { type: error.message, ...error.details }, id]);
    }
  }
  return { status: 200, body: { methodResponses: answers, sessionState: '0' } };
}

/** A request-level error (RFC 8620, section 3.6.1). */
export function refuse(status: number, type: string, details: object = {}): JmapAnswer {
  return { status, body: { type: `urn:ietf:params:jmap:error:${type}`, status, ...details } };
}

/** The limit that the request breaks. Cyrus refuses the whole request for one call that asks too much. */
function exceeded(calls: readonly Call[], limits: Limits): keyof Limits | undefined {
  if (calls.length > limits.maxCallsInRequest) return 'maxCallsInRequest';
  for (const [name, args] of calls) {
    if (name.endsWith('/get') && countOf(args.ids) > limits.maxObjectsInGet) return 'maxObjectsInGet';
    const changed = [args.create, args.update, args.destroy, args.emails].map(countOf);
    if (changed.reduce((sum, count) => sum + count, 0) > limits.maxObjectsInSet) return 'maxObjectsInSet';
  }
  return undefined;
}

function countOf(items: unknown): number {
  if (Array.isArray(items)) return items.length;
  return isRecord(items) ? Object.keys(items).length : 0;
}

/** Puts in what earlier answers say (RFC 8620, section 3.7). */
function resolveReferences(args: Arguments, answers: readonly Call[]): Arguments {
  return Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      if (!name.startsWith('#')) return [name, value];
      const {
        resultOf,
        name: method,
        path,
      } = value as { readonly resultOf: string; readonly name: string; readonly path: string };
      const answer = answers.find(([answered, , id]) => id === resultOf && answered === method);
      if (answer === undefined) throw new MethodError('resultReference');
      return [name.slice(1), evaluate(answer[1], path.split('/').slice(1))];
    }),
  );
}

function evaluate(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  if (step === '*' && Array.isArray(value)) return value.flatMap((item) => evaluate(item, rest));
  if (!isRecord(value) && !Array.isArray(value)) throw new MethodError('resultReference');
  return evaluate((value as Arguments)[step], rest);
}

function parse(text: string): Arguments | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return undefined;
  }
}
