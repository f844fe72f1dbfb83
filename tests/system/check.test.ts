import type { OutgoingHttpHeaders } from 'node:http';
import { accountAt } from '../support/account';
import { runHere } from '../support/bundle-here';
import { type MailroomRun, runMailroom } from '../support/mailroom';
import { describeOnCyrus } from '../support/on-cyrus';
import { type ReverseProxy, type SeenRequest, startProxy } from '../support/proxy';
import { GROUPS, openAccount, screenedAccount, type TestAccount } from '../support/test-account';

interface Found {
  readonly subject: string;
  readonly state: string;
  readonly message: string;
  readonly hint?: string;
  readonly passing?: boolean;
}

interface Report {
  readonly ok: boolean;
  readonly faults: number;
  readonly warnings: number;
  readonly findings: readonly Found[];
}

type Environment = Readonly<Record<string, string | undefined>>;

async function check(
  account: TestAccount,
  env: Environment = {},
  at?: ReverseProxy,
): Promise<MailroomRun & { report: Report }> {
  const run = await runHere(['check', '--json'], {
    account: at === undefined ? account.account : accountAt(account.account, at.origin),
    env,
  });
  return { ...run, report: JSON.parse(run.stdout) };
}

function of(state: string, { findings }: Report): readonly Found[] {
  return findings.filter((finding) => finding.state === state);
}

const isSession = ({ kind }: SeenRequest) => kind === 'session';
const isCardDav = ({ path }: SeenRequest) => !path.includes('/jmap');
const asksForRights = ({ body }: SeenRequest) => body.includes('current-user-privilege-set');

function json(body: unknown): { readonly answer: { status: number; headers: OutgoingHttpHeaders; body: string } } {
  return { answer: { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } };
}

function multistatus(...responses: readonly string[]) {
  const body = `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav">${responses.join('')}</d:multistatus>`;
  return { answer: { status: 207, headers: { 'content-type': 'application/xml' }, body } };
}

/** What PROPFIND says of an address book that may be read only. */
function readOnlyBook(url: string): string {
  const rights = '<d:current-user-privilege-set><d:privilege><d:read/></d:privilege></d:current-user-privilege-set>';
  const type = '<d:resourcetype><d:collection/><c:addressbook/></d:resourcetype>';
  return `<d:response><d:href>${new URL(url).pathname}</d:href><d:propstat><d:prop>${type}${rights}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
}

/** The server's own session, as far as a change of it is concerned. */
async function sessionOf({ account }: TestAccount): Promise<Record<string, Record<string, object>>> {
  const response = await fetch(account.sessionUrl, { headers: { authorization: `Bearer ${account.token}` } });
  return (await response.json()) as Record<string, Record<string, object>>;
}

interface Case {
  readonly env?: Environment;
  /** Puts the fault in. */
  readonly break?: (account: TestAccount, proxy: ReverseProxy) => unknown;
  readonly subject: string;
  readonly says: RegExp;
  /** True where it may pass without anybody's doing. */
  readonly passing?: true;
}

const FAULTS: Readonly<Record<string, Case>> = {
  'no token': { env: { MAILROOM_JMAP_TOKEN: '' }, subject: 'settings', says: /MAILROOM_JMAP_TOKEN is not set/ },
  'categories that contradict each other': {
    env: { MAILROOM_CATEGORIES: '["Feed", "Feed"]' },
    subject: 'settings',
    says: /MAILROOM_CATEGORIES: two categories have the name/,
  },
  'a JMAP host that does not answer': {
    env: { MAILROOM_JMAP_SESSION_URL: 'http://127.0.0.1:1/jmap/' },
    subject: 'jmap-host',
    says: /JMAP: .*127\.0\.0\.1:1.* failed.*MAILROOM_JMAP_SESSION_URL/,
    passing: true,
  },
  'a JMAP host that is out of order': {
    break: (_, proxy) => proxy.fault(isSession, { answer: { status: 503 } }),
    subject: 'jmap-host',
    says: /HTTP 503/,
    passing: true,
  },
  'another place than the JMAP session': {
    break: (_, proxy) => proxy.fault(isSession, { answer: { status: 404 } }),
    subject: 'jmap-host',
    says: /no JMAP session.*MAILROOM_JMAP_SESSION_URL/,
  },
  'a web page instead of the JMAP session': {
    break: (_, proxy) => proxy.fault(isSession, { answer: { status: 200, body: '<html>Log in</html>' } }),
    subject: 'jmap-host',
    says: /JMAP/,
    passing: true,
  },
  'a token that is not accepted': {
    env: { MAILROOM_JMAP_TOKEN: 'wrong' },
    subject: 'jmap-credentials',
    says: /rejected.*MAILROOM_JMAP_TOKEN.*new API token/,
  },
  'a token without mail': {
    break: async (account, proxy) => {
      const { capabilities, ...session } = await sessionOf(account);
      const { 'urn:ietf:params:jmap:mail': _, ...others } = capabilities ?? {};
      proxy.fault(isSession, json({ ...session, capabilities: others }));
    },
    subject: 'jmap-credentials',
    says: /no access to mail.*MAILROOM_JMAP_TOKEN/,
  },
  'a token that may only read': {
    break: async (account, proxy) => {
      const session = await sessionOf(account);
      const accounts = Object.entries(session['accounts'] ?? {}).map(([id, one]) => [id, { ...one, isReadOnly: true }]);
      proxy.fault(isSession, json({ ...session, accounts: Object.fromEntries(accounts) }));
    },
    subject: 'jmap-write',
    says: /read only.*read-write access/,
  },
  'a CardDAV host that does not answer': {
    env: { MAILROOM_CARDDAV_URL: 'http://127.0.0.1:1/' },
    subject: 'carddav-host',
    says: /CardDAV: .*127\.0\.0\.1:1.* failed.*MAILROOM_CARDDAV_URL/,
    passing: true,
  },
  'a host without CardDAV': {
    break: (_, proxy) => proxy.fault(isCardDav, { answer: { status: 404 } }),
    subject: 'carddav-host',
    says: /MAILROOM_CARDDAV_URL/,
  },
  'a password that is not accepted': {
    env: { MAILROOM_CARDDAV_PASSWORD: 'wrong' },
    subject: 'carddav-credentials',
    says: /rejected.*MAILROOM_CARDDAV_PASSWORD.*app password/,
  },
  'no address book': {
    break: (_, proxy) => proxy.fault(asksForRights, multistatus()),
    subject: 'carddav',
    says: /no address book/,
  },
  'an address book that may only be read': {
    break: ({ account }, proxy) => proxy.fault(asksForRights, multistatus(readOnlyBook(account.bookUrl))),
    subject: 'carddav-write',
    says: /read only/,
  },
  'no Screener': {
    env: { MAILROOM_SCREENER_MAILBOX: 'Waiting Room' },
    subject: 'mailboxes',
    says: /"Waiting Room" is missing.*setup --apply/,
  },
  'no triage label': {
    env: { MAILROOM_LABEL_TO_FEED: '@Read' },
    subject: 'mailboxes',
    says: /"@Read" is missing.*setup --apply/,
  },
  'no error label': {
    env: { MAILROOM_LABEL_MAILROOM_ERROR: '@Oops' },
    subject: 'mailboxes',
    says: /"@Oops" is missing/,
  },
  'no destination': {
    env: { MAILROOM_CATEGORIES: '[{"name": "Feed", "mailbox": "Papers"}]' },
    subject: 'mailboxes',
    says: /"Papers" is missing/,
  },
  'a name that only nested mailboxes have, several of them': {
    env: { MAILROOM_CATEGORIES: '[{"name": "Feed", "mailbox": "Twin"}]' },
    break: (account) => account.makeMailboxes(['One/Twin', 'Two/Twin']),
    subject: 'mailboxes',
    says: /nested.*"Twin".*Rename/,
  },
  'no contact group': {
    env: { MAILROOM_GROUP_JAIL: 'Prison' },
    subject: 'groups',
    says: /"Prison" is missing.*setup --apply/,
  },
};

async function makeDomains(account: TestAccount): Promise<void> {
  await account.makeMailboxes(['@WholeDomain']);
  for (const name of GROUPS) await account.makeGroup({ name: `${name} domains` });
}

const WARNINGS: Readonly<Record<string, Case>> = {
  'a group that no rule reaches': {
    break: (account) => account.makeGroup({ name: 'Friends' }),
    subject: 'group-reach',
    says: /Friends/,
  },
  'two groups of one name': {
    break: (account) => account.makeGroup({ name: 'Feed' }),
    subject: 'group-names',
    says: /"Feed"/,
  },
  'a sender in the groups of two verdicts': {
    break: async (account) => {
      const groups = (await account.cards()).filter(({ text }) => /^FN:(Feed|Jail)\r?$/m.test(text));
      for (const { href } of groups) await account.deleteCard(href);
      await account.putCard(
        'BEGIN:VCARD\nVERSION:3.0\nUID:torn\nFN:Ann\nN:Ann;;;;\nEMAIL:ann@sender.example\nNOTE:Mailroom 2026-01-15: Feed\nEND:VCARD\n',
      );
      for (const name of ['Feed', 'Jail']) await account.makeGroup({ name, members: ['torn'] });
    },
    subject: 'memberships',
    says: /Feed and Jail.*ann@sender\.example/,
  },
  'mail stuck with the error label': {
    break: (account) => account.addMessage({ mailboxes: ['Screener', '@ToFeed', '@ToJail', '@MailroomError'] }),
    subject: 'error-label',
    says: /1 message .*@MailroomError/,
  },
  'a label that says what a verdict is on, and none that says which': {
    break: async (account) => {
      await makeDomains(account);
      await account.addMessage({
        subject: 'Offers',
        from: 'ann@shop.example',
        mailboxes: ['Screener', '@WholeDomain'],
      });
      await account.addMessage({ subject: 'News', mailboxes: ['Screener', '@WholeDomain', '@ToFeed'] });
    },
    subject: 'modifiers',
    says: /^A message carries the label @WholeDomain .*: "Offers" of ann@shop\.example\. Put /,
  },
  'a whole domain among senders': {
    break: async (account) => {
      await makeDomains(account);
      await account.putCard(
        'BEGIN:VCARD\nVERSION:3.0\nUID:shop\nFN:Shop\nN:Shop;;;;\nitem1.EMAIL:*@Shop.example\nEND:VCARD\n',
      );
      const [jail] = (await account.cards()).filter(({ text }) => /^FN:Jail\r?$/m.test(text));
      await account.deleteCard(jail?.href ?? '');
      await account.makeGroup({ name: 'Jail', members: ['shop'] });
    },
    subject: 'whole-domains',
    says: /\*@shop\.example in Jail\. Put .* and @WholeDomain on /,
  },
  'a category that rules cannot tell from its parent': {
    env: {
      MAILROOM_CATEGORIES: JSON.stringify([...GROUPS, { name: 'News', parent: 'Feed', group: 'Feed' }]),
    },
    break: (account) => account.makeMailboxes(['Imbox', 'News', '@ToNews']),
    subject: 'rules',
    says: /News.*Feed.*group of its own/,
  },
};

describeOnCyrus('check', (server) => {
  let proxy: ReverseProxy;
  beforeAll(async () => {
    proxy = await startProxy(server().origin);
  });
  beforeEach(() => proxy.forget());
  afterAll(() => proxy.stop());

  it('finds nothing on a sound account, and writes nothing', async () => {
    const account = await screenedAccount(server());
    const before = await account.state();
    const run = await check(account, {}, proxy);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(run.report).toMatchObject({ ok: true, faults: 0, warnings: 0 });
    expect(run.report.findings.map(({ state }) => state)).not.toContain('skipped');
    expect(proxy.requests.filter(({ writes }) => writes)).toEqual([]);
    expect(await account.state()).toBe(before);
  });

  it('finds nothing on an account that setup made', async () => {
    const account = await openAccount(await server().addUser());
    await runMailroom(['setup', '--apply'], { account: account.account });
    expect((await check(account)).report).toMatchObject({ ok: true, faults: 0, warnings: 0 });
  });

  it.each(Object.entries(FAULTS))('finds %s, and nothing else', async (_, { env, subject, says, ...fault }) => {
    const account = await screenedAccount(server());
    await fault.break?.(account, proxy);
    const run = await check(account, env, proxy);
    const faults = of('fault', run.report);
    expect(run.status).toBe(fault.passing ? 75 : 78);
    expect(faults[0]?.passing).toBe(fault.passing === true);
    expect(faults.map((finding) => finding.subject)).toEqual([subject]);
    expect(`${faults[0]?.message}. ${faults[0]?.hint}`).toMatch(says);
    expect(faults[0]?.hint).toBeTruthy();
    expect(run.stdout).not.toMatch(new RegExp(`${account.account.token}|${account.account.password}`));
  });

  it.each(Object.entries(WARNINGS))('warns of %s, and of nothing else', async (_, { env, subject, says, ...fault }) => {
    const account = await screenedAccount(server());
    await fault.break?.(account, proxy);
    const run = await check(account, env, proxy);
    expect(run.status).toBe(0);
    expect(of('fault', run.report)).toEqual([]);
    const warnings = of('warning', run.report);
    expect(warnings.map((finding) => finding.subject)).toEqual([subject]);
    expect(`${warnings[0]?.message}. ${warnings[0]?.hint}`).toMatch(says);
  });

  it('finds the faults of both sides in one run, each on its line', async () => {
    const account = await screenedAccount(server());
    for (const { href } of await account.cards()) await account.deleteCard(href);
    const run = await runMailroom(['check'], {
      account: account.account,
      env: { MAILROOM_JMAP_TOKEN: 'wrong', MAILROOM_GROUP_JAIL: 'Prison' },
    });
    expect(run).toMatchObject({ status: 78, stderr: '' });
    const faults = run.stdout.split('\n').filter((line) => line.startsWith('✗'));
    expect(faults).toHaveLength(1 + GROUPS.length);
    expect(faults[0]).toContain('MAILROOM_JMAP_TOKEN');
    expect(faults.at(-1)).toContain('"Prison"');
    expect(run.stdout).toContain('✓ CardDAV accepts the user name and password');
    expect(run.stdout).toContain('5 faults would stop a cycle.');
  });
});
