import { accountAt } from '../support/account';
import { brokenByReset } from '../support/invariants/reset-promises';
import { DEFAULT_RULES } from '../support/invariants/rules';
import { sightOf } from '../support/invariants/sight';
import type { SeenMessage } from '../support/mail-driver';
import { runMailroom, startMailroom } from '../support/mailroom';
import { describeOnCyrus } from '../support/on-cyrus';
import { startProxy } from '../support/proxy';
import { isGroup, liveRandomly, type RandomLife, uidOf } from '../support/random-life';
import { seededRandom } from '../support/seeded-random';
import { DESTINATIONS } from '../support/test-account';

const MANAGED: readonly string[] = ['Inbox', ...DESTINATIONS];
const SYSTEM_LABELS: readonly string[] = ['@MailroomError', '@MailroomWarning'];

/** Where a message has to be after the reset, by what the issue says and nothing of Mailroom's code. */
function expectedPlaces({ mailboxes, from }: SeenMessage, { triaged }: RandomLife): readonly string[] {
  const isBack = triaged.has(from?.[0]?.email.toLowerCase() ?? '') && mailboxes.some((name) => MANAGED.includes(name));
  const kept = mailboxes.filter((name) => !SYSTEM_LABELS.includes(name) && !(isBack && MANAGED.includes(name)));
  return [...new Set([...kept, ...(isBack || kept.length === 0 ? ['Screener'] : [])])].sort();
}

describeOnCyrus('Taking back a long life with Mailroom', (cyrus) => {
  it.each([1, 2])(
    'loses no message and leaves the contacts of the user as they were, killed on the way (seed %i)',
    async (seed) => {
      const random = seededRandom(seed);
      const life = await liveRandomly(cyrus(), random);
      const { account, triaged, ownCards, changedCards } = life;
      const before = await account.messages();
      const sightBefore = await sightOf(account);
      expect(triaged.size).toBeGreaterThan(8);
      expect(changedCards.size).toBeGreaterThan(0);

      const proxy = await startProxy(cyrus().origin);
      try {
        for (let kills = 0; kills < 3; kills += 1) {
          const killed = await startMailroom(['reset', '--apply', '--yes'], {
            account: accountAt(account.account, proxy.origin),
          });
          let writes = 0;
          const last = 1 + random.below(6);
          const strike = async () => killed.kill('SIGKILL');
          proxy.fault((request) => request.writes && ++writes === last, { hold: strike }, 1);
          await killed.ended;
          proxy.forget();
        }
      } finally {
        await proxy.stop();
      }
      const { status, stderr } = await runMailroom(['reset', '--apply', '--yes'], { account: account.account });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });

      const after = await account.messages();
      expect(Object.fromEntries(after.map(({ id, mailboxes }) => [id, mailboxes]))).toEqual(
        Object.fromEntries(before.map((message) => [message.id, expectedPlaces(message, life)])),
      );
      expect(brokenByReset(sightBefore, await sightOf(account), DEFAULT_RULES)).toEqual([]);
      expect(await account.groups()).toEqual({
        Feed: [],
        Imbox: [],
        Jail: [],
        'Paper Trail': [],
        Family: ['nameless', 'never-triaged'],
      });
      const contacts = new Map(
        (await account.cards()).filter(({ text }) => !isGroup(text)).map(({ text }) => [uidOf(text), text]),
      );
      for (const [uid, text] of ownCards) expect([uid, contacts.get(uid)]).toEqual([uid, text]);
      expect([...contacts.keys()].sort()).toEqual([...ownCards.keys(), ...changedCards].sort());
      expect([...contacts.values()].join('')).not.toContain('Mailroom 20');
    },
    180_000,
  );
});
