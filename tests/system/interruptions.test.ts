import { accountAt } from '../support/account';
import { brokenByTriage } from '../support/invariants/promises';
import { DEFAULT_RULES } from '../support/invariants/rules';
import { sightOf } from '../support/invariants/sight';
import { killedAfterEachWrite } from '../support/killed';
import { runMailroom, startMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { startProxy } from '../support/proxy';
import { screenedAccount, type TestAccount } from '../support/test-account';

/** A sender each with one labelled message and one more. */
async function seedSenders(account: TestAccount, count: number): Promise<void> {
  const senders = Array.from({ length: count }, (_, index) => `s${index}@sender.example`);
  await account.addMessages(
    senders.flatMap((from) => [
      { subject: `labelled ${from}`, from, mailboxes: ['Screener', '@ToFeed'] },
      { subject: `backlog ${from}`, from, mailboxes: ['Screener'] },
    ]),
  );
}

/** Sender → where its two messages, its contact and its membership are. */
async function placesOfSenders(account: TestAccount): Promise<ReadonlyMap<string, string>> {
  const members = new Set((await account.groups())['Feed']);
  const cards = new Map<string, number>();
  const joined = new Set<string>();
  for (const { text } of await account.cards()) {
    const email = /^EMAIL[^:]*:(.*)\r$/m.exec(text)?.[1];
    if (email === undefined) continue;
    cards.set(email, (cards.get(email) ?? 0) + 1);
    if (members.has(/^UID:(.*)\r$/m.exec(text)?.[1] ?? '')) joined.add(email);
  }
  const mail = new Map<string, string[]>();
  for (const { subject, mailboxes } of await account.messages()) {
    const [kind = '', sender = ''] = subject.split(' ');
    mail.set(sender, [...(mail.get(sender) ?? []), `${kind}: ${mailboxes.join('+')}`].sort());
  }
  return new Map(
    [...mail].map(([sender, places]) => [
      sender,
      `${places.join(', ')}, contacts: ${cards.get(sender) ?? 0}, in group: ${joined.has(sender)}`,
    ]),
  );
}

const FINISHED = 'backlog: Feed, labelled: Feed, contacts: 1, in group: true';
const UNTOUCHED = 'backlog: Screener, labelled: @ToFeed+Screener, contacts: 0, in group: false';

describeOnCyrus('A cycle that is interrupted', (cyrus) => {
  it('after SIGTERM in the middle of 200 senders exits 0, each sender finished or untouched', async () => {
    const account = await screenedAccount(cyrus());
    await seedSenders(account, 200);
    const proxy = await startProxy(cyrus().origin);
    try {
      let started = (): void => {};
      const halfway = new Promise<void>((resolve) => {
        started = resolve;
      });
      let puts = 0;
      proxy.fault(({ method }) => method === 'PUT' && ++puts === 60, { hold: async () => started() }, 1);
      const mailroom = await startMailroom(['--once'], { account: accountAt(account.account, proxy.origin) });
      await halfway;
      mailroom.kill('SIGTERM');
      const { status, records } = await mailroom.ended;
      expect(status).toBe(0);
      const places = [...(await placesOfSenders(account)).values()];
      expect(places.filter((place) => place !== FINISHED && place !== UNTOUCHED)).toEqual([]);
      const finished = places.filter((place) => place === FINISHED).length;
      expect(records.at(-1)).toMatchObject({ triaged: finished, notStarted: 200 - finished });
      expect([finished >= 60, finished < 100]).toEqual([true, true]);
    } finally {
      await proxy.stop();
    }
    await cycle(account);
    expect(new Set((await placesOfSenders(account)).values())).toEqual(new Set([FINISHED]));
  }, 60_000);

  it('after SIGTERM while a server hangs exits 0 at once', async () => {
    const account = await screenedAccount(cyrus());
    await seedSenders(account, 1);
    const proxy = await startProxy(cyrus().origin);
    let letGo = (): void => {};
    try {
      let asked = (): void => {};
      const request = new Promise<void>((resolve) => {
        asked = resolve;
      });
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      proxy.fault(
        ({ kind }) => kind === 'session',
        {
          hold: () => {
            asked();
            return held;
          },
        },
        1,
      );
      const mailroom = await startMailroom(['--once'], { account: accountAt(account.account, proxy.origin) });
      await request;
      mailroom.kill('SIGTERM');
      expect((await mailroom.ended).status).toBe(0);
      expect(new Set((await placesOfSenders(account)).values())).toEqual(new Set([UNTOUCHED]));
    } finally {
      letGo();
      await proxy.stop();
    }
  });

  it.each([
    ['in the middle of senders ends well, and the next one goes on', 'PUT', 0],
    ['before anything was written has failed', 'GET', 75],
  ])('whose time is over %s', async (_, heldMethod, exitStatus) => {
    const account = await screenedAccount(cyrus());
    await seedSenders(account, 30);
    const proxy = await startProxy(cyrus().origin);
    try {
      const running = startMailroom(['--once'], {
        account: accountAt(account.account, proxy.origin),
        env: { MAILROOM_POLL_INTERVAL: '5' },
      });
      const timeIsOver = running.then(({ prints }) => prints(/the time for one cycle is over/));
      proxy.fault(({ method }) => method === heldMethod, { hold: () => timeIsOver });
      expect((await (await running).ended).status).toBe(exitStatus);
      const places = [...(await placesOfSenders(account)).values()];
      expect(places.filter((place) => place !== FINISHED && place !== UNTOUCHED)).toEqual([]);
      expect(places.filter((place) => place === FINISHED)).toHaveLength(heldMethod === 'PUT' ? 8 : 0);
    } finally {
      await proxy.stop();
    }
    await cycle(account);
    expect(new Set((await placesOfSenders(account)).values())).toEqual(new Set([FINISHED]));
  });

  it('whose writes hang is over before the next one begins, and that one goes on', async () => {
    const account = await screenedAccount(cyrus());
    await seedSenders(account, 5);
    const proxy = await startProxy(cyrus().origin);
    let letGo = (): void => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    try {
      proxy.fault(({ method }) => method === 'PUT', { hold: () => held }, Number.POSITIVE_INFINITY);
      const { status, records } = await runMailroom(['--once'], {
        account: accountAt(account.account, proxy.origin),
        env: { MAILROOM_POLL_INTERVAL: '6' },
      });
      expect(status).toBe(75);
      const duration = records.find(({ level }) => level === 'error')?.['durationMs'];
      expect(duration).toBeGreaterThan(4_200);
      expect(duration).toBeLessThan(6_000);
    } finally {
      letGo();
      await proxy.stop();
    }
    await cycle(account);
    expect(new Set((await placesOfSenders(account)).values())).toEqual(new Set([FINISHED]));
  });

  it('two bundles started at the same moment make one contact and one membership for each sender, and both exit 0', async () => {
    const account = await screenedAccount(cyrus());
    await seedSenders(account, 20);
    const both = await Promise.all([runMailroom(['--once'], account), runMailroom(['--once'], account)]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(new Set((await placesOfSenders(account)).values())).toEqual(new Set([FINISHED]));
    expect((await account.groups())['Feed']).toHaveLength(20);
    const before = await account.state();
    await cycle(account);
    expect(await account.state()).toBe(before);
  });

  it('killed after any of its writes leaves something that the next cycle finishes', async () => {
    const account = await screenedAccount(cyrus());
    const first = { subject: 'first', from: 's0@sender.example', mailboxes: ['Screener', '@ToJail'] };
    const id = await account.addMessage(first);
    await cycle(account);
    await account.destroyMessage(id);
    await seedSenders(account, 2);
    const before = await sightOf(account);
    const writes = await killedAfterEachWrite(cyrus(), account, ['--once'], async () => {
      expect(brokenByTriage(before, await sightOf(account), DEFAULT_RULES)).toEqual([]);
      await cycle(account);
      expect(brokenByTriage(before, await sightOf(account), DEFAULT_RULES)).toEqual([]);
      expect(new Set((await placesOfSenders(account)).values())).toEqual(new Set([FINISHED]));
      expect((await account.groups())['Jail']).toEqual([]);
    });
    expect(writes).toBeGreaterThan(4);
  }, 120_000);
});
