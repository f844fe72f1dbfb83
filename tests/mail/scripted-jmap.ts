import { createHttpClient } from '../../src/http/client';
import { PAUSES } from '../../src/http/retry';
import { openMail } from '../../src/mail/open-mail';
import type { Mail } from '../../src/ports';
import { type Answer, type ScriptedServer, type SeenRequest, startScriptedServer } from '../http/scripted-server';

export type Arguments = Readonly<Record<string, unknown>>;
export type Call = readonly [name: string, args: Arguments, id: string];

/** Answers one method call: the arguments, or `error` with its arguments. */
export type Method = (args: Arguments) => Arguments | { readonly error: Arguments };

export interface ScriptedJmap {
  readonly http: ScriptedServer;
  /** Method calls of each API request, in their order. */
  readonly calls: readonly (readonly Call[])[];
  /** What the session says; tests change it before they open the mail. */
  session: Record<string, unknown>;
  /** By the name of the method. */
  methods: Record<string, Method>;
  /** Answers of the API itself, in place of those of the methods, until they are used up. */
  readonly insteads: (Answer | undefined)[];
  /** What each API request waits for before its answer. */
  hold: () => Promise<void>;
  open(): Promise<Mail>;
  stop(): Promise<void>;
}

export const LIMITS = {
  maxObjectsInGet: 500,
  maxObjectsInSet: 500,
  maxCallsInRequest: 16,
  maxSizeRequest: 1_000_000,
  maxConcurrentRequests: 4,
};

export function sessionWith(limits: Partial<typeof LIMITS> = {}): Record<string, unknown> {
  return {
    apiUrl: '/jmap/api',
    capabilities: { 'urn:ietf:params:jmap:core': { ...LIMITS, ...limits }, 'urn:ietf:params:jmap:mail': {} },
    accounts: { ann: { isReadOnly: false }, shared: { isReadOnly: true } },
    primaryAccounts: { 'urn:ietf:params:jmap:mail': 'ann' },
  };
}

export const INBOX = {
  id: 'in',
  name: 'Inbox',
  parentId: null,
  role: 'inbox',
  totalEmails: 3,
  isSubscribed: true,
};

/** A JMAP server that answers as a test tells it to. */
export async function startScriptedJmap(): Promise<ScriptedJmap> {
  const http = await startScriptedServer();
  const calls: (readonly Call[])[] = [];
  const insteads: (Answer | undefined)[] = [];
  const jmap: ScriptedJmap = {
    http,
    calls,
    insteads,
    session: sessionWith(),
    methods: { 'Mailbox/get': () => ({ list: [INBOX] }) },
    hold: async () => undefined,
    open() {
      const client = createHttpClient({
        name: 'JMAP',
        origin: http.origin,
        authorization: 'Bearer token',
        credentialSettings: 'MAILROOM_JMAP_TOKEN',
        concurrency: 8,
        pauses: { ...PAUSES, backOff: 1, unauthorized: 1 },
      });
      return openMail({ sessionUrl: `${http.origin}/jmap/session`, http: client });
    },
    stop: () => http.stop(),
  };

  async function answerApi({ body }: SeenRequest): Promise<Answer> {
    await jmap.hold();
    const { methodCalls } = JSON.parse(body) as { readonly methodCalls: readonly Call[] };
    calls.push(methodCalls);
    const instead = insteads.shift();
    if (instead !== undefined) return instead;
    const methodResponses = methodCalls.map(([name, args, id]) => {
      const answer = jmap.methods[name]?.(args) ?? { error: { type: 'unknownMethod' } };
      return 'error' in answer ? ['error', answer['error'], id] : [name, answer, id];
    });
    return { status: 200, body: JSON.stringify({ methodResponses, sessionState: '0' }) };
  }

  http.script((request) =>
    request.path === '/jmap/session' ? { status: 200, body: JSON.stringify(jmap.session) } : answerApi(request),
  );
  return jmap;
}
