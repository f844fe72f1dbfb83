import type { Answer } from '../http/scripted-server';
import { INBOX, LIMITS, type ScriptedJmap, sessionWith, startScriptedJmap } from './scripted-jmap';

describe('opening the mail', () => {
  let jmap: ScriptedJmap;
  beforeEach(async () => {
    jmap = await startScriptedJmap();
  });
  afterEach(() => jmap.stop());

  function sessionAnswers(...answers: readonly Answer[]): void {
    jmap.http.script(answers);
  }

  it('costs two requests: the session, and all mailboxes with what is needed of them', async () => {
    const mail = await jmap.open();
    expect(mail.mailboxes).toEqual([INBOX]);
    expect(mail.writable).toBe(true);
    expect(jmap.http.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /jmap/session',
      'POST /jmap/api',
    ]);
    expect(JSON.parse(jmap.http.requests[1]?.body ?? '')).toEqual({
      using: ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail'],
      methodCalls: [
        [
          'Mailbox/get',
          {
            accountId: 'ann',
            ids: null,
            properties: ['id', 'name', 'parentId', 'role', 'totalEmails', 'isSubscribed'],
          },
          '0',
        ],
      ],
    });
  });

  it('resolves a relative apiUrl against the URL of the session', async () => {
    jmap.session['apiUrl'] = 'api';
    await jmap.open();
    expect(jmap.http.requests[1]?.path).toBe('/jmap/api');
  });

  it('says when the account may be read only', async () => {
    jmap.session['primaryAccounts'] = { 'urn:ietf:params:jmap:mail': 'shared' };
    await expect(jmap.open()).resolves.toMatchObject({ writable: false });
  });

  describe('where the session names no primary account for mail', () => {
    const CORE_ALONE = { accountCapabilities: { 'urn:ietf:params:jmap:core': {} }, name: 'contacts' };
    const mailOf = (name: string) => ({
      name,
      isReadOnly: false,
      accountCapabilities: { 'urn:ietf:params:jmap:mail': {} },
    });

    it.each<[string, unknown]>([
      ['none at all', {}],
      ['but for contacts', { 'urn:ietf:params:jmap:contacts': 'c' }],
      ['as it should be but is not', undefined],
    ])('takes the only one with mail: %s', async (_, primaryAccounts) => {
      jmap.session['primaryAccounts'] = primaryAccounts;
      jmap.session['accounts'] = { c: CORE_ALONE, u1: { ...mailOf('ann@x.example'), isReadOnly: true } };
      await expect(jmap.open()).resolves.toMatchObject({ writable: false });
      expect(jmap.calls[0]?.[0]?.[1]).toMatchObject({ accountId: 'u1' });
    });

    it('names several without their domains, and says what to do', async () => {
      jmap.session['primaryAccounts'] = {};
      jmap.session['accounts'] = {
        u1: mailOf('ann@x.example'),
        'team@x.example': mailOf('team@x.example'),
        c: CORE_ALONE,
      };
      await expect(jmap.open()).rejects.toMatchObject({
        code: 'credentials',
        message:
          'JMAP: the token opens several accounts with mail, and the server says of none that it is the primary one: u1 (ann), team. Use a token that opens one of them alone',
        hint: expect.stringContaining('MAILROOM_JMAP_TOKEN'),
      });
      expect(jmap.calls).toEqual([]);
    });

    it.each<[string, unknown]>([
      ['no account', {}],
      ['no accounts', undefined],
      ['accounts without mail', { c: CORE_ALONE }],
      ['accounts that make no sense', { c: null, d: 7 }],
    ])('fails with %s', async (_, accounts) => {
      jmap.session['primaryAccounts'] = {};
      jmap.session['accounts'] = accounts;
      await expect(jmap.open()).rejects.toMatchObject({
        code: 'credentials',
        message: expect.stringContaining('no access to mail'),
      });
    });
  });

  it('reads roles in lower case, and makes do without the members that a mailbox may lack', async () => {
    jmap.methods['Mailbox/get'] = () => ({ list: [{ id: 'x', name: 'X', role: 'INBOX' }] });
    const { mailboxes } = await jmap.open();
    expect(mailboxes).toEqual([
      { id: 'x', name: 'X', parentId: null, role: 'inbox', totalEmails: 0, isSubscribed: false },
    ]);
  });

  it('follows a redirect on the same origin', async () => {
    const session = JSON.stringify(jmap.session);
    const api = { methodResponses: [['Mailbox/get', { list: [INBOX] }, '0']] };
    sessionAnswers(
      { status: 301, headers: { location: '/there/' } },
      { status: 200, body: session },
      { status: 200, body: JSON.stringify(api) },
    );
    await jmap.open();
    expect(jmap.http.requests.map(({ path }) => path)).toEqual(['/jmap/session', '/there/', '/jmap/api']);
  });

  describe('where the server refuses to give all mailboxes at once', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];

    /** Gives no more than so many. */
    function givesAtMost(most: number): void {
      let page: readonly string[] = [];
      jmap.methods = {
        'Mailbox/query': ({ position, limit }) => {
          page = ids.slice(Number(position), Number(position) + Number(limit));
          return { ids: page };
        },
        'Mailbox/get': (args) =>
          args['ids'] === null || page.length > most
            ? { error: { type: 'requestTooLarge' } }
            : { list: page.map((id) => ({ ...INBOX, id, name: id, role: null })) },
      };
    }

    it('reads them page by page', async () => {
      jmap.session = sessionWith({ maxObjectsInGet: 2 });
      givesAtMost(2);
      const { mailboxes } = await jmap.open();
      expect(mailboxes.map(({ id }) => id)).toEqual(ids);
      expect(jmap.calls[1]?.[1]?.[1]).toMatchObject({
        '#ids': { resultOf: '0', name: 'Mailbox/query', path: '/ids' },
      });
    });

    it('halves the pages that it refuses too, until they fit', async () => {
      givesAtMost(2);
      const { mailboxes } = await jmap.open();
      expect(mailboxes.map(({ id }) => id)).toEqual(ids);
      expect(jmap.calls.slice(1).map((calls) => calls[0]?.[1]['limit'])).toEqual([500, 2, 2, 2, 2]);
    });
  });

  describe('fails', () => {
    const page = '<!doctype html><html>Please log in</html>';
    it.each<[string, Answer, object]>([
      ['a rejected token', { status: 401 }, { code: 'credentials', hint: /MAILROOM_JMAP_TOKEN.*API token.*Email/ }],
      ['a forbidden token', { status: 403 }, { code: 'credentials', hint: /MAILROOM_JMAP_TOKEN.*API token.*Email/ }],
      ['no session there', { status: 404 }, { code: 'settings', hint: /MAILROOM_JMAP_SESSION_URL/ }],
      [
        'a redirect to another origin',
        { status: 302, headers: { location: 'https://example.com/jmap' } },
        { code: 'settings', message: /https:\/\/example\.com/, hint: /MAILROOM_JMAP_SESSION_URL/ },
      ],
      ['a web page', { status: 200, body: page }, { code: 'protocol', message: /a web page/ }],
      ['a cut-off answer', { status: 200, body: '{"capabilities":' }, { code: 'protocol', message: /no JSON/ }],
      ['an empty answer', { status: 200 }, { code: 'protocol', message: /empty/ }],
      ['no session', { status: 200, body: '{"hello":"world"}' }, { code: 'protocol', message: /no JMAP session/ }],
      ['a server that is down', { status: 503 }, { code: 'transient', message: /HTTP 503/ }],
      ['a bad request', { status: 400, body: '{}' }, { code: 'protocol', message: /HTTP 400/ }],
    ])('with %s', async (_, answer, expected) => {
      jmap.http.script(() => answer);
      await expect(jmap.open()).rejects.toMatchObject(matching(expected));
    });

    it('with redirects in a circle', async () => {
      jmap.http.script(() => ({ status: 302, headers: { location: '/jmap/session' } }));
      await expect(jmap.open()).rejects.toMatchObject({ code: 'settings' });
      expect(jmap.http.requests).toHaveLength(4);
    });

    it.each<[string, Record<string, unknown>]>([
      ['whose token has no access to mail', { primaryAccounts: {} }],
      ['without the capability for mail', { capabilities: { 'urn:ietf:params:jmap:core': LIMITS } }],
    ])('with a session %s', async (_, change) => {
      Object.assign(jmap.session, change);
      await expect(jmap.open()).rejects.toMatchObject({
        code: 'credentials',
        hint: expect.stringContaining('MAILROOM_JMAP_TOKEN'),
      });
    });

    it('with an API on another origin, which gets no request', async () => {
      jmap.session['apiUrl'] = 'https://example.com/jmap/api';
      await expect(jmap.open()).rejects.toMatchObject({ code: 'settings' });
    });
  });
});

function matching(expected: object): object {
  return Object.fromEntries(
    Object.entries(expected).map(([name, value]) => [
      name,
      value instanceof RegExp ? expect.stringMatching(value) : value,
    ]),
  );
}
