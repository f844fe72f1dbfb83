import type { Mail, MessageQuery } from '../../src/ports';
import type { Message } from '../../src/triage/message';
import { accountAt, type MailServer } from '../support/account';
import { describeOnBothServers } from '../support/both-servers';
import { openAccountMail } from '../support/clients';
import { startEmbedded } from '../support/embedded/server';
import type { SeedMessage } from '../support/mail-driver';
import { type ReverseProxy, startProxy } from '../support/proxy';
import { openAccount, type TestAccount } from '../support/test-account';

/** So small that everything worth testing is larger. */
const LIMITS = {
  maxObjectsInGet: 64,
  maxObjectsInSet: 400,
  maxCallsInRequest: 4,
  maxSizeRequest: 32_768,
  maxConcurrentRequests: 2,
};

async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

const idsOf = (messages: readonly Message[]): readonly string[] => messages.map(({ id }) => id);

/** Messages of one mailbox, a minute apart. */
function minuteByMinute(count: number, mailboxes: readonly string[]): readonly SeedMessage[] {
  return Array.from({ length: count }, (_, minute) => ({
    subject: `minute ${minute}`,
    mailboxes,
    receivedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString().replace('.000', ''),
  }));
}

describeOnBothServers(
  'Mail',
  (server: () => MailServer) => {
    let user: TestAccount;
    let proxy: ReverseProxy;
    let mail: Mail;

    beforeAll(async () => {
      proxy = await startProxy(server().origin);
    });
    afterAll(() => proxy.stop());

    const open = (): Promise<Mail> => openAccountMail(accountAt(user.account, proxy.origin));

    beforeEach(async () => {
      proxy.forget();
      user = await openAccount(await server().addUser());
      await user.makeMailboxes(['Screener', '@ToFeed', 'Projects/Feed', 'Feed']);
      mail = await open();
    });

    const read = (...queries: readonly MessageQuery[]) => collect(mail.messages(queries));
    const inMailbox = async (...paths: readonly string[]): Promise<MessageQuery> => ({
      inMailboxes: await Promise.all(paths.map(user.mailboxId)),
    });

    it('opens with two requests that tell every mailbox, its parent, role and number of messages', async () => {
      await user.addMessage({ mailboxes: ['Screener', '@ToFeed'] });
      proxy.forget();
      mail = await open();
      expect(proxy.counts()).toEqual({ session: 1, 'Mailbox/get': 1 });
      const projects = await user.mailboxId('Projects');
      const facts = mail.mailboxes.map(({ name, parentId, role, totalEmails }) => [name, parentId, role, totalEmails]);
      expect(facts.sort()).toEqual([
        ['@ToFeed', null, null, 1],
        ['Feed', null, null, 0],
        ['Feed', projects, null, 0],
        ['Inbox', null, 'inbox', 0],
        ['Projects', null, null, 0],
        ['Screener', null, null, 1],
      ]);
      expect(mail.writable).toBe(true);
    });

    it('reads more mailboxes than one answer may hold', async () => {
      const names = Array.from({ length: LIMITS.maxObjectsInGet + 6 }, (_, i) => `Label ${i}`);
      await user.makeMailboxes(names);
      expect((await open()).mailboxes.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    });

    it('reads what a message holds', async () => {
      const from = '=?utf-8?q?J=C3=B6?= <jo@x.example>, Ann <ann@x.example>';
      const receivedAt = '2026-02-03T04:05:06Z';
      const id = await user.addMessage({ from, mailboxes: ['Screener', '@ToFeed'], receivedAt });
      const [message, ...others] = await read(await inMailbox('Screener'));
      expect(others).toEqual([]);
      expect(message).toMatchObject({
        id,
        receivedAt,
        from: [
          { name: 'Jö', email: 'jo@x.example' },
          { name: 'Ann', email: 'ann@x.example' },
        ],
      });
      const mailboxIds = await Promise.all(['Screener', '@ToFeed'].map(user.mailboxId));
      expect([...(message?.mailboxIds ?? [])].sort()).toEqual(mailboxIds.sort());
    });

    it('reads messages without a usable From', async () => {
      await user.importMessage(Buffer.from('Subject: From nobody\r\n\r\nHello.\r\n'), ['Screener']);
      await user.addMessage({ from: 'undisclosed', mailboxes: ['Screener'] });
      const messages = await read(await inMailbox('Screener'));
      expect(messages.map(({ from }) => from)).toEqual([null, null]);
    });

    it('tells mailing lists and subjects where a list of mail is wanted', async () => {
      const receivedAt = (second: number) => `2026-01-01T00:00:0${second}Z`;
      const headers = { 'List-Id': 'Gardeners <list.x.example>' };
      await user.addMessage({ subject: 'Weeds', mailboxes: ['Screener'], headers, receivedAt: receivedAt(1) });
      await user.addMessage({ subject: 'Hello', mailboxes: ['Screener'], receivedAt: receivedAt(2) });
      const listed = await collect(mail.listedMessages([await inMailbox('Screener')]));
      expect(listed.map(({ subject, list }) => [subject, list])).toEqual([
        ['Weeds', true],
        ['Hello', false],
      ]);
    });

    it('reads more messages than one answer may hold, oldest first', async () => {
      const ids = await user.addMessages(minuteByMinute(200, ['Screener']));
      expect(idsOf(await read(await inMailbox('Screener')))).toEqual(ids);
    });

    it('reads several searches side by side, each to its end', async () => {
      const screener = await user.addMessages(minuteByMinute(100, ['Screener']));
      const feed = await user.addMessages(minuteByMinute(70, ['Feed']));
      const label = await user.addMessages(minuteByMinute(3, ['@ToFeed']));
      const queries = [
        await inMailbox('Screener'),
        await inMailbox('Feed'),
        await inMailbox('@ToFeed'),
        await inMailbox('Inbox'),
      ];
      expect(new Set(idsOf(await read(...queries)))).toEqual(new Set([...screener, ...feed, ...label]));
    });

    it('misses no message although those that it has read leave the mailbox', async () => {
      const ids = await user.addMessages(minuteByMinute(200, ['Screener']));
      const [screener, inbox] = [await user.mailboxId('Screener'), await user.mailboxId('Inbox')];
      const seen = new Set<string>();
      for await (const page of mail.messages([await inMailbox('Screener')])) {
        for (const id of idsOf(page)) seen.add(id);
        await mail.update(idsOf(page).map((id) => ({ id, add: [inbox], remove: [screener] })));
      }
      expect(seen).toEqual(new Set(ids));
    });

    it('misses no message although all have the same date and leave the mailbox', async () => {
      const ids = await user.addMessages(
        Array.from({ length: 150 }, (_, i) => ({ subject: `${i}`, mailboxes: ['Screener'] })),
      );
      const [screener, inbox] = [await user.mailboxId('Screener'), await user.mailboxId('Inbox')];
      const seen = new Set<string>();
      for await (const page of mail.messages([await inMailbox('Screener')])) {
        for (const id of idsOf(page)) seen.add(id);
        await mail.update(idsOf(page).map((id) => ({ id, add: [inbox], remove: [screener] })));
      }
      expect(seen).toEqual(new Set(ids));
    });

    it('searches by mailbox, date and sender together', async () => {
      const from = 'Ann <ann@x.example>';
      const [, old = '', young = ''] = await user.addMessages([
        { subject: 'other sender', from: 'ben@x.example', mailboxes: ['Feed'], receivedAt: '2026-01-05T00:00:00Z' },
        { subject: 'old', from, mailboxes: ['Feed'], receivedAt: '2026-01-01T00:00:00Z' },
        { subject: 'young', from, mailboxes: ['Feed'], receivedAt: '2026-01-03T00:00:00Z' },
        { subject: 'elsewhere', from, mailboxes: ['Projects'], receivedAt: '2026-01-03T00:00:00Z' },
      ]);
      await server().index(user.account);
      const query = { ...(await inMailbox('Feed', 'Screener')), from: ['ANN@x.example'] };
      expect(idsOf(await read(query))).toEqual([old, young]);
      expect(idsOf(await read({ ...query, since: '2026-01-03T00:00:00Z' }))).toEqual([young]);
    });

    it('searches for more senders than one filter takes', async () => {
      const addresses = Array.from({ length: 120 }, (_, i) => `sender${i}@x.example`);
      const ids = await user.addMessages(addresses.map((from, i) => ({ subject: `${i}`, from, mailboxes: ['Feed'] })));
      await server().index(user.account);
      const found = idsOf(await read({ ...(await inMailbox('Feed')), from: addresses }));
      expect(new Set(found)).toEqual(new Set(ids));
    });

    it('changes 2,500 messages within the limits', async () => {
      const ids = await user.addMessages(minuteByMinute(2500, ['Screener']));
      const [screener, feed] = [await user.mailboxId('Screener'), await user.mailboxId('Feed')];
      const outcomes = await mail.update(ids.map((id) => ({ id, add: [feed], remove: [screener] })));
      expect(new Set(Array.from(outcomes.values(), ({ kind }) => kind))).toEqual(new Set(['updated']));
      expect([...outcomes.keys()].sort()).toEqual([...ids].sort());
      const [now] = (await openAccountMail(user.account)).mailboxes.filter(({ id }) => id === feed);
      expect(now?.totalEmails).toBe(2500);
      expect(proxy.mostAtOnce).toBeLessThanOrEqual(LIMITS.maxConcurrentRequests);
    }, 60_000);

    it('keeps a label that the user adds while a change is on its way', async () => {
      const id = await user.addMessage({ mailboxes: ['Screener'], subject: 'one' });
      const [screener, feed] = [await user.mailboxId('Screener'), await user.mailboxId('Feed')];
      proxy.fault(({ kind }) => kind === 'Email/set', { hold: () => user.labelMessage(id, 'Projects') }, 1);
      await mail.update([{ id, add: [feed], remove: [screener] }]);
      expect(await user.mailboxesOf('one')).toEqual(['Feed', 'Projects']);
    });

    it('keeps keywords', async () => {
      const id = await user.addMessage({ mailboxes: ['Screener'], keywords: ['$seen', '$flagged'] });
      const [screener, feed] = [await user.mailboxId('Screener'), await user.mailboxId('Feed')];
      await mail.update([{ id, add: [feed], remove: [screener] }]);
      expect(await user.messages()).toMatchObject([{ mailboxes: ['Feed'], keywords: ['$flagged', '$seen'] }]);
    });

    it('says of each message what became of it', async () => {
      const [fine = '', lonely = '', lost = '', gone = ''] = await user.addMessages(minuteByMinute(4, ['Screener']));
      const [screener, feed] = [await user.mailboxId('Screener'), await user.mailboxId('Feed')];
      await user.destroyMessage(gone);
      const outcomes = await mail.update([
        { id: fine, add: [feed], remove: [screener] },
        { id: lonely, add: [], remove: [screener] },
        { id: lost, add: ['no-such-mailbox'], remove: [] },
        { id: gone, add: [feed], remove: [screener] },
        { id: 'Mnever', add: [feed], remove: [] },
      ]);
      expect(Object.fromEntries(outcomes)).toEqual({
        [fine]: { kind: 'updated' },
        [lonely]: { kind: 'refused', reason: expect.any(String) },
        [lost]: { kind: 'refused', reason: expect.any(String) },
        [gone]: { kind: 'gone' },
        Mnever: { kind: 'gone' },
      });
      expect(await user.mailboxesOf('minute 1')).toEqual(['Screener']);
    });

    it('changes a message that is already right without another state', async () => {
      const id = await user.addMessage({ mailboxes: ['Feed'] });
      const before = await user.state();
      const change = { id, add: [await user.mailboxId('Feed')], remove: [await user.mailboxId('Screener')] };
      expect((await mail.update([change])).get(id)).toEqual({ kind: 'updated' });
      expect(await user.state()).toBe(before);
    });

    it('makes top-level mailboxes, and names those that it cannot make', async () => {
      const names = ['Paper Trail', '@ToJail', 'Größe'];
      await mail.createMailboxes(names);
      expect(await user.mailboxes()).toEqual(expect.arrayContaining(names));
      await expect(mail.createMailboxes(['Jail', ''])).rejects.toMatchObject({
        code: 'refused',
        message: expect.stringContaining('""'),
      });
      expect(await user.mailboxes()).toContain('Jail');
      const { mailboxes } = await open();
      expect(mailboxes.find(({ name }) => name === 'Paper Trail')).toMatchObject({
        parentId: null,
        isSubscribed: true,
      });
    });

    it.each([
      ['lost before the server gets it', { drop: 'before' }],
      ['lost with its answer', { drop: 'after' }],
      ['cut off in the middle of its answer', { drop: 'mid-body' }],
      ['answered with 503', { answer: { status: 503 } }],
      ['throttled', { answer: { status: 429, headers: { 'retry-after': '0' } } }],
    ] as const)('repeats a request that is %s', async (_, fault) => {
      const [id = ''] = await user.addMessages(minuteByMinute(1, ['Screener']));
      const [screener, feed] = [await user.mailboxId('Screener'), await user.mailboxId('Feed')];
      proxy.fault(({ kind }) => kind.startsWith('Email/query'), fault, 1);
      proxy.fault(({ kind }) => kind === 'Email/set', fault, 1);
      expect(idsOf(await read(await inMailbox('Screener')))).toEqual([id]);
      const outcomes = await mail.update([{ id, add: [feed], remove: [screener] }]);
      expect(outcomes.get(id)).toEqual({ kind: 'updated' });
      expect(await user.mailboxesOf('minute 0')).toEqual(['Feed']);
    });

    it('fails the messages of a request alone that fails for good', async () => {
      const ids = await user.addMessages(minuteByMinute(LIMITS.maxObjectsInSet + 1, ['Screener']));
      const [screener, feed] = [await user.mailboxId('Screener'), await user.mailboxId('Feed')];
      const holdsFirst = ({ kind, body }: { kind: string; body: string }) =>
        kind === 'Email/set' && body.includes(ids[0] ?? '');
      proxy.fault(holdsFirst, { answer: { status: 500 } });
      const outcomes = await mail.update(ids.map((id) => ({ id, add: [feed], remove: [screener] })));
      expect(outcomes.get(ids[0] ?? '')).toMatchObject({ kind: 'failed' });
      expect(outcomes.get(ids.at(-1) ?? '')).toEqual({ kind: 'updated' });
    });

    it.each([
      ['a login page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Welcome</p>' }, 'protocol'],
      [
        'half an answer',
        { status: 200, headers: { 'content-type': 'application/json' }, body: '{"methodResponses":[' },
        'protocol',
      ],
      ['a lasting server error', { status: 500 }, 'transient'],
    ] as const)('throws when it gets %s', async (_, answer, code) => {
      proxy.fault(({ kind }) => kind.startsWith('Email/query'), { answer });
      await expect(read(await inMailbox('Screener'))).rejects.toMatchObject({ name: 'MailroomError', code });
    });

    it('does not open with a wrong token, and keeps the token out of its message', async () => {
      const secret = `${user.account.token}x`;
      const opening = openAccountMail({ ...user.account, token: secret });
      await expect(opening).rejects.toMatchObject({
        code: 'credentials',
        message: expect.not.stringContaining(secret),
      });
    });
  },
  { limits: LIMITS },
);

describe('Mail, on a server with habits of its own', () => {
  it('reads to the end although every query answers fewer ids than it was asked for', async () => {
    const server = await startEmbedded({ maxIdsInQuery: 7 });
    try {
      const user = await openAccount(await server.addUser());
      await user.makeMailboxes(['Screener']);
      const ids = await user.addMessages(minuteByMinute(40, ['Screener']));
      const mail = await openAccountMail(user.account);
      const query = { inMailboxes: [await user.mailboxId('Screener')] };
      expect(idsOf(await collect(mail.messages([query])))).toEqual(ids);
    } finally {
      await server.stop();
    }
  });

  it('may find look-alikes of the sender', async () => {
    const server = await startEmbedded();
    try {
      const user = await openAccount(await server.addUser());
      await user.addMessage({ from: 'joann@x.example', mailboxes: ['Inbox'] });
      const mail = await openAccountMail(user.account);
      const query = { inMailboxes: [await user.mailboxId('Inbox')], from: ['ann@x.example'] };
      expect(await collect(mail.messages([query]))).toMatchObject([{ from: [{ email: 'joann@x.example' }] }]);
    } finally {
      await server.stop();
    }
  });
});
