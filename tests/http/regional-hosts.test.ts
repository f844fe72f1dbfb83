import dns from 'node:dns';
import { createServer } from 'node:https';
import { openAddressBook } from '../../src/contacts/open-address-book';
import { createHttpClient, type HttpClient } from '../../src/http/client';
import { openMail } from '../../src/mail/open-mail';
import { discovery } from '../contacts/scripted-dav';
import { INBOX, sessionWith } from '../mail/scripted-jmap';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from './loopback-certificate';
import { type ScriptedServer, type SeenRequest, startScriptedServer } from './scripted-server';

const HOME = 'api.mail.test';
const REGION = 'phl.api.mail.test';

describe('a server that sends accounts to the host of their region', () => {
  let server: ScriptedServer;
  let port: string;
  beforeEach(async () => {
    server = await startScriptedServer(createServer({ cert: LOOPBACK_CERTIFICATE, key: LOOPBACK_KEY }));
    port = new URL(server.origin).port;
    // Every host of these tests is this machine.
    jest
      .spyOn(dns, 'lookup')
      .mockImplementation(((_host: string, options: dns.LookupOptions, found: Found) =>
        options.all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4)) as never);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await server.stop();
  });

  const clientFor = (name: 'JMAP' | 'CardDAV'): HttpClient =>
    createHttpClient({
      name,
      origin: at(HOME, '/'),
      authorization: 'Bearer token',
      credentialSettings: 'MAILROOM_JMAP_TOKEN',
      ca: LOOPBACK_CERTIFICATE,
      concurrency: 4,
    });

  const at = (host: string, path: string): string => `https://${host}:${port}${path}`;
  const hosts = (): readonly (string | undefined)[] =>
    server.requests.map(({ headers }) => headers.host?.split(':')[0]);

  it('is heard in its session', async () => {
    const session = { ...sessionWith(), apiUrl: at(REGION, '/jmap/api/') };
    const mailboxes = { methodResponses: [['Mailbox/get', { list: [INBOX] }, '0']] };
    server.script([
      { status: 200, body: JSON.stringify(session) },
      { status: 200, body: JSON.stringify(mailboxes) },
    ]);
    const mail = await openMail({ sessionUrl: at(HOME, '/jmap/session'), http: clientFor('JMAP') });
    expect(mail.mailboxes).toEqual([INBOX]);
    expect(hosts()).toEqual([HOME, REGION]);
    expect(server.requests[1]?.headers.authorization).toBe('Bearer token');
  });

  it('is followed by redirects of its session', async () => {
    const mailboxes = { methodResponses: [['Mailbox/get', { list: [INBOX] }, '0']] };
    server.script([
      { status: 302, headers: { location: at(REGION, '/jmap/session') } },
      { status: 200, body: JSON.stringify(sessionWith()) },
      { status: 200, body: JSON.stringify(mailboxes) },
    ]);
    await openMail({ sessionUrl: at(HOME, '/jmap/session'), http: clientFor('JMAP') });
    expect(hosts()).toEqual([HOME, REGION, REGION]);
  });

  it('is followed by redirects of its address books, and back', async () => {
    const usual = discovery();
    const redirects: Readonly<Record<string, string>> = {
      '/.well-known/carddav': at(REGION, '/back'),
      '/back': at(HOME, '/dav/'),
    };
    server.script((request: SeenRequest) => {
      const location = redirects[request.path];
      if (location !== undefined) return { status: 301, headers: { location } };
      const { status, headers = {}, body = '' } = usual({ ...request, bytes: Buffer.from(request.body) });
      return { status, headers, body: Buffer.from(body) };
    });
    const book = await openAddressBook({ url: at(HOME, '/'), username: 'ann', http: clientFor('CardDAV') });
    expect(book.writable).toBe(true);
    expect(hosts()).toEqual([HOME, REGION, HOME, HOME, HOME, HOME]);
  });

  it('is not any host: no request goes there', async () => {
    const session = { ...sessionWith(), apiUrl: at('evilapi.mail.test', '/jmap/api/') };
    server.script([{ status: 200, body: JSON.stringify(session) }]);
    await expect(openMail({ sessionUrl: at(HOME, '/jmap/session'), http: clientFor('JMAP') })).rejects.toMatchObject({
      code: 'settings',
      message: expect.stringContaining('evilapi.mail.test'),
    });
    expect(hosts()).toEqual([HOME]);
  });
});

type Found = (error: null, address: string | readonly dns.LookupAddress[], family?: number) => void;
