import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account, MailServer, ServerOptions } from '../account';
import { DEFAULT_LIMITS, type Limits } from '../limits';
import { type CardStore, createCardStore } from './card-store';
import { answerDav } from './carddav';
import type { Answer, Gate, Serve, ServedRequest } from './gate';
import { answerJmap, refuse, sessionOf } from './jmap';
import { createMailStore, type MailStore } from './mail-store';

export interface EmbeddedOptions extends ServerOptions {
  /** Whether `from` finds a message only once it has been indexed, as with Cyrus. */
  readonly searchLags?: boolean;
  /** The most ids that one query answers, whatever it asks for: no part of the session, found out by paging. */
  readonly maxIdsInQuery?: number;
}

export interface EmbeddedServer extends MailServer {
  /** A new user whose mail and cards are those of another one at this moment, ids and ETags too. */
  copyUser(account: Account): Account;
  removeUser(account: Account): void;
  /** Lets each request of the user's pass through the gate; undefined takes it away. */
  gate(account: Account, gate: Gate | undefined): void;
  /** Answers without a network. */
  answer(request: ServedRequest): Promise<Answer>;
  /** What the server holds of the user's. */
  storesOf(account: Account): Stores;
}

export interface Stores {
  readonly mail: MailStore;
  readonly cards: CardStore;
}

interface User extends Stores {
  readonly account: Account;
  gate: Gate | undefined;
  /** Requests to the JMAP API that are under way. */
  requests: number;
}

const CHALLENGE = 'Bearer realm="embedded", Basic realm="embedded"';

/** Starts a mail server in memory, on a free port of the loopback: JMAP mail and CardDAV, as far as Mailroom uses them. */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { searchLags = false, maxIdsInQuery = Number.POSITIVE_INFINITY } = options;
  const users = new Map<string, User>();
  const answer = (request: ServedRequest): Promise<Answer> => answerOf(users, limits, request);
  const server = createServer((request, response) => {
    answer(servedRequest(request))
      .catch((): Answer => ({ status: 500 }))
      .then((given) => send(given, response))
      // The client is gone.
      .catch(() => response.destroy());
  });
  const origin = await listen(server);
  const userOf = ({ username }: Account): User => {
    const user = users.get(username);
    if (user === undefined) throw new Error(`There is no user ${username}`);
    return user;
  };
  const addUser = (name: string, stores: Stores): Account => {
    const account: Account = {
      username: name,
      password: `password-of-${name}`,
      token: `token-of-${name}`,
      sessionUrl: `${origin}/jmap/`,
      carddavUrl: `${origin}/`,
      bookUrl: `${origin}/dav/addressbooks/user/${name}/Default/`,
      takesManyCards: false,
    };
    users.set(name, { account, ...stores, gate: undefined, requests: 0 });
    return account;
  };
  let made = 0;
  const nextName = (): string => `user${++made}`;
  return {
    origin,
    addUser: async (name = nextName()) =>
      addUser(name, { mail: createMailStore({ searchLags, maxIdsInQuery }), cards: createCardStore() }),
    copyUser(account) {
      const { mail, cards } = userOf(account);
      return addUser(nextName(), { mail: mail.copy(), cards: cards.copy() });
    },
    removeUser({ username }) {
      users.delete(username);
      // Thousands of users come and go, and each leaves some connections behind.
      server.closeIdleConnections();
    },
    gate(account, gate) {
      userOf(account).gate = gate;
    },
    answer,
    storesOf: userOf,
    async index(account) {
      userOf(account).mail.index();
    },
    async snapshot(account) {
      const user = userOf(account);
      const [mail, cards] = [user.mail.copy(), user.cards.copy()];
      return async () => {
        users.set(account.username, { ...user, mail: mail.copy(), cards: cards.copy() });
      };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answerOf(users: ReadonlyMap<string, User>, limits: Limits, request: ServedRequest): Promise<Answer> {
  const user = userWith(users, request.headers.authorization);
  const isWellKnown = request.path === '/.well-known/carddav';
  const serve: Serve = async (body) => {
    if (isWellKnown) return { status: 301, headers: { location: '/dav/addressbooks' } };
    if (user === undefined) return { status: 401, headers: { 'www-authenticate': CHALLENGE } };
    return serveUser(user, limits, body === undefined ? request : { ...request, body: async () => Buffer.from(body) });
  };
  if (user === undefined) return serve();
  return user.gate === undefined ? serve() : user.gate(request, serve);
}

async function serveUser(user: User, limits: Limits, request: ServedRequest): Promise<Answer> {
  const { method, path, headers } = request;
  if (path === '/jmap' || path === '/jmap/') return api(user, limits, request);
  if (path.startsWith('/jmap/upload/')) {
    const content = await request.body();
    const blob = {
      accountId: user.account.username,
      blobId: user.mail.addBlob(content),
      type: 'message/rfc822',
      size: content.length,
    };
    return json(201, blob);
  }
  const body = (await request.body()).toString('utf8');
  return answerDav(user.account.username, user.cards, { method, path, headers, body });
}

async function api(user: User, limits: Limits, request: ServedRequest): Promise<Answer> {
  const { username } = user.account;
  if (request.method === 'GET') return json(200, sessionOf(username, limits));
  if (user.requests >= limits.maxConcurrentRequests) {
    const { status, body } = refuse(400, 'limit', { limit: 'maxConcurrentRequests' });
    return json(status, body);
  }
  user.requests++;
  try {
    const content = await request.body();
    const isTooLarge = content.length > limits.maxSizeRequest;
    const { status, body } = isTooLarge
      ? refuse(413, 'limit', { limit: 'maxSizeRequest' })
      : answerJmap(username, user.mail, limits, content.toString('utf8'));
    return json(status, body);
  } finally {
    user.requests--;
  }
}

/** The user whom the header proves to be: by a token or a password, on either side, as Cyrus allows. */
function userWith(users: ReadonlyMap<string, User>, authorization = ''): User | undefined {
  const [scheme = '', credentials = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer') {
    const user = users.get(credentials.replace(/^token-of-/, ''));
    return user?.account.token === credentials ? user : undefined;
  }
  const [name = '', ...password] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
  const user = users.get(name);
  return user?.account.password === password.join(':') ? user : undefined;
}

function json(status: number, body: object): Answer {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  return { status, headers: { 'content-type': `${type}; charset=utf-8` }, body: JSON.stringify(body) };
}

function servedRequest(request: IncomingMessage): ServedRequest {
  const [path = ''] = (request.url ?? '').split('?', 1);
  let body: Promise<Buffer> | undefined;
  return {
    method: request.method ?? '',
    path,
    headers: request.headers as ServedRequest['headers'],
    body: () => {
      body ??= bodyOf(request);
      return body;
    },
  };
}

function send({ status, headers = {}, body = '', cut }: Answer, response: ServerResponse): void {
  if (cut === 'all') return void response.destroy();
  const content = Buffer.from(body);
  response.writeHead(status, { ...headers, 'content-length': content.length });
  if (cut === undefined) response.end(content);
  else response.write(content.subarray(0, content.length / 2), () => response.destroy());
}

/** By events: to walk through a stream takes longer than to answer many a request. */
function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    stream
      .on('data', (chunk) => chunks.push(chunk))
      .on('end', () => resolve(Buffer.concat(chunks)))
      .on('error', reject);
  });
}

async function listen(server: Server): Promise<string> {
  // Connections that wait for the next request stay open, as those of Cyrus do.
  server.keepAliveTimeout = 300_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
