import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account, MailServer, ServerOptions } from '../account';
import { DEFAULT_LIMITS, type Limits } from '../limits';
import { type CardStore, createCardStore } from './card-store';
import { answerDav } from './carddav';
import { answerJmap, refuse, sessionOf } from './jmap';
import { createMailStore, type MailStore } from './mail-store';

export interface EmbeddedOptions extends ServerOptions {
  /** Whether `from` finds a message only once it has been indexed, as with Cyrus. */
  readonly searchLags?: boolean;
  /** The most ids that one query answers, whatever it asks for: no part of the session, found out by paging. */
  readonly maxIdsInQuery?: number;
}

interface User {
  readonly account: Account;
  readonly mail: MailStore;
  readonly cards: CardStore;
  /** Requests to the JMAP API that are under way. */
  requests: number;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const CHALLENGE = 'Bearer realm="embedded", Basic realm="embedded"';

/** Starts a mail server in memory, on a free port of the loopback: JMAP mail and CardDAV, as far as Mailroom uses them. */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<MailServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const { searchLags = false, maxIdsInQuery = Number.POSITIVE_INFINITY } = options;
  const users = new Map<string, User>();
  const server = createServer((request, response) => {
    answer(users, limits, request)
      .catch((): Answer => ({ status: 500 }))
      .then(({ status, headers = {}, body = '' }) => {
        response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
      })
      // The client is gone.
      .catch(() => response.destroy());
  });
  const origin = await listen(server);
  return {
    origin,
    async addUser(name = `user${users.size + 1}`) {
      const account: Account = {
        username: name,
        password: `password-of-${name}`,
        token: `token-of-${name}`,
        sessionUrl: `${origin}/jmap/`,
        carddavUrl: `${origin}/`,
        bookUrl: `${origin}/dav/addressbooks/user/${name}/Default/`,
      };
      const mail = createMailStore({ searchLags, maxIdsInQuery });
      users.set(name, { account, mail, cards: createCardStore(), requests: 0 });
      return account;
    },
    async index({ username }) {
      users.get(username)?.mail.index();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(users: ReadonlyMap<string, User>, limits: Limits, request: IncomingMessage): Promise<Answer> {
  const { pathname: path } = new URL(request.url ?? '/', 'http://localhost');
  if (path === '/.well-known/carddav') return { status: 301, headers: { location: '/dav/addressbooks' } };
  const user = userOf(users, request.headers.authorization);
  if (user === undefined) return { status: 401, headers: { 'www-authenticate': CHALLENGE } };
  if (path === '/jmap' || path === '/jmap/') return api(user, limits, request);
  if (path.startsWith('/jmap/upload/')) {
    const content = await bodyOf(request);
    const blob = {
      accountId: user.account.username,
      blobId: user.mail.addBlob(content),
      type: 'message/rfc822',
      size: content.length,
    };
    return json(201, blob);
  }
  const body = (await bodyOf(request)).toString('utf8');
  return answerDav(user.account.username, user.cards, {
    method: request.method ?? '',
    path,
    headers: request.headers,
    body,
  });
}

async function api(user: User, limits: Limits, request: IncomingMessage): Promise<Answer> {
  const { username } = user.account;
  if (request.method === 'GET') return json(200, sessionOf(username, limits));
  if (user.requests >= limits.maxConcurrentRequests) {
    const { status, body } = refuse(400, 'limit', { limit: 'maxConcurrentRequests' });
    return json(status, body);
  }
  user.requests++;
  try {
    const content = await bodyOf(request);
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
function userOf(users: ReadonlyMap<string, User>, authorization = ''): User | undefined {
  const [scheme = '', credentials = ''] = authorization.split(' ');
  if (scheme.toLowerCase() === 'bearer')
    return [...users.values()].find(({ account }) => account.token === credentials);
  const [name = '', ...password] = Buffer.from(credentials, 'base64').toString('utf8').split(':');
  const user = users.get(name);
  return user?.account.password === password.join(':') ? user : undefined;
}

function json(status: number, body: object): Answer {
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  return { status, headers: { 'content-type': `${type}; charset=utf-8` }, body: JSON.stringify(body) };
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function listen(server: Server): Promise<string> {
  // Connections that wait for the next request stay open, as those of Cyrus do.
  server.keepAliveTimeout = 300_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
