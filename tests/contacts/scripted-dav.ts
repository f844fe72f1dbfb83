import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openAddressBook } from '../../src/contacts/open-address-book';
import { createHttpClient, type HttpClient } from '../../src/http/client';
import type { AddressBook } from '../../src/ports';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly bytes: Buffer;
}

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export type Script = (request: SeenRequest) => ScriptedAnswer;

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  readonly http: HttpClient;
  /** What answers from now on. */
  play(script: Script): void;
  stop(): Promise<void>;
}

export const BOOK = '/dav/books/ann/Default/';

/** A server on a free port of the loopback that answers as it is told. */
export async function startScripted(): Promise<ScriptedServer> {
  const requests: SeenRequest[] = [];
  let script: Script = () => ({ status: 404 });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const bytes = Buffer.concat(chunks);
      const seen = { method, path, headers, body: bytes.toString('utf8'), bytes };
      requests.push(seen);
      const { status, headers: sent, body = '' } = script(seen);
      response.writeHead(status, sent).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const http = createHttpClient({
    name: 'CardDAV',
    origin: url,
    authorization: 'Basic c2VjcmV0',
    credentialSettings: 'MAILROOM_CARDDAV_USERNAME and MAILROOM_CARDDAV_PASSWORD',
    concurrency: 4,
    pauses: { backOff: 1, unauthorized: 1, longestRetryAfter: 1 },
  });
  return {
    url,
    requests,
    http,
    play: (next) => {
      script = next;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function multistatus(...responses: readonly string[]): ScriptedAnswer {
  const body = `<?xml version="1.0"?><D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav">${responses.join('')}</D:multistatus>`;
  return { status: 207, headers: { 'content-type': 'application/xml; charset=utf-8' }, body };
}

export function response(href: string, properties: string): string {
  return `<D:response><D:href>${href}</D:href><D:propstat><D:prop>${properties}</D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`;
}

/** One card in a multistatus, as CDATA. */
export function cardResponse(name: string, text: string, etag = '"1"'): string {
  const data = text.replaceAll(']]>', ']]]]><![CDATA[>');
  return response(
    name.startsWith('/') ? name : `${BOOK}${name}`,
    `<D:getetag>${etag}</D:getetag><C:address-data><![CDATA[${data}]]></C:address-data>`,
  );
}

export const OWN_BOOK = response(
  BOOK,
  '<D:resourcetype><D:collection/><C:addressbook/></D:resourcetype><D:owner><D:href>/dav/principals/ann/</D:href></D:owner><D:current-user-privilege-set><D:privilege><D:write/></D:privilege></D:current-user-privilege-set>',
);

/** Discovery as servers of the usual kind answer it; everything else by `rest`. */
export function discovery(rest: Script = () => multistatus(), books: readonly string[] = [OWN_BOOK]): Script {
  return (request) => {
    if (request.method !== 'PROPFIND') return rest(request);
    switch (request.path) {
      case '/.well-known/carddav':
        return { status: 301, headers: { location: '/dav/' } };
      case '/dav/':
        return multistatus(
          response(
            '/dav/',
            '<D:current-user-principal><D:href>/dav/principals/ann/</D:href></D:current-user-principal>',
          ),
        );
      case '/dav/principals/ann/':
        return multistatus(
          response(request.path, '<C:addressbook-home-set><D:href>/dav/books/ann/</D:href></C:addressbook-home-set>'),
        );
      case '/dav/books/ann/':
        return multistatus(response(request.path, '<D:resourcetype><D:collection/></D:resourcetype>'), ...books);
      default:
        return { status: 404 };
    }
  };
}

/** An open book on a server that answers all later requests by `script`; those alone are in the requests it gives. */
export async function openScripted(
  server: ScriptedServer,
  script: Script,
  books?: readonly string[],
): Promise<{ readonly book: AddressBook; readonly requests: () => readonly SeenRequest[] }> {
  server.play(discovery(undefined, books));
  const book = await openAddressBook({ url: server.url, username: 'ann', http: server.http });
  const before = server.requests.length;
  server.play(script);
  return { book, requests: () => server.requests.slice(before) };
}

/** A scripted server for each test of a file. */
export function eachOnScripted(): () => ScriptedServer {
  let server: ScriptedServer | undefined;
  beforeEach(async () => {
    server = await startScripted();
  });
  afterEach(() => server?.stop());
  return () => {
    if (server === undefined) throw new Error('The scripted server has not started');
    return server;
  };
}

/** A scripted server for each test of a file, with an address book to open there. */
export function eachOnScriptedBook() {
  const server = eachOnScripted();
  return {
    server,
    open: (script: Script, books?: readonly string[]) => openScripted(server(), script, books),
    /** The absolute URL of a card. */
    href: (name: string) => new URL(`${BOOK}${name}`, server().url).href,
  };
}

/** True for the question for cards in which the server sees no EMAIL. */
export function isListing({ body }: Pick<SeenRequest, 'body'>): boolean {
  return body.includes('is-not-defined');
}

export function stored(text: string, etag = '"1"'): ScriptedAnswer {
  return { status: 200, headers: { etag, 'content-type': 'text/vcard' }, body: text };
}

/** The body of an error that says which precondition was not met. */
export function precondition(name: string): string {
  return `<?xml version="1.0"?><D:error xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><C:${name}/></D:error>`;
}
