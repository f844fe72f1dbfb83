import { type EmbeddedServer, startEmbedded } from '../support/embedded/server';
import { brokenByTriage } from '../support/invariants/promises';
import { DEFAULT_RULES } from '../support/invariants/rules';
import { type MailroomRun, startMailroom } from '../support/mailroom';
import { screenedAccount, type TestAccount } from '../support/test-account';
import { cardText } from '../support/wire';
import { sightOf } from './embedded-sight';
import { extent, figure } from './extent';
import { type Cage, makeCage, peakMemory } from './limited-process';

const SIZE = {
  senders: extent(100, 1_000),
  screened: extent(2_000, 50_000),
  contacts: extent(1_000, 20_000),
  members: extent(500, 10_000),
};

/** Those of deploy/40-cronjob.yaml. */
const MEMORY_MIB = 128;
const CPUS = 0.1;
const NODE_OPTIONS = '--max-old-space-size=76';

/** Seconds; a cycle starts no more senders after 70 % of them, and ends 45 seconds later at the latest. */
const POLL_INTERVAL = extent(20, 120);
const LATEST_MS = (POLL_INTERVAL * 0.7 + 45) * 1_000;

const MOST_CYCLES = 30;

interface Cycle extends MailroomRun {
  readonly peakMiB: number;
  readonly durationMs: number;
}

describe('an account with many senders, much mail, many contacts and full groups', () => {
  let server: EmbeddedServer;
  let cage: Cage | undefined;

  beforeAll(async () => {
    server = await startEmbedded();
    cage = await makeCage(MEMORY_MIB * 1024 * 1024, CPUS);
  });
  afterAll(async () => {
    await cage?.remove();
    await server.stop();
  });

  async function crowdedAccount(): Promise<TestAccount> {
    const account = await screenedAccount(server);
    const { mail, cards } = server.storesOf(account.account);
    const book = cards.books.get('Default');
    if (book === undefined) throw new Error('There is no address book');
    for (let contact = 0; contact < SIZE.contacts; contact++) {
      const text = cardText(
        `contact-${contact}`,
        `EMAIL:contact${contact}@known.example`,
        `NOTE:${'Met once. '.repeat(10)}`,
      );
      cards.put(book, `contact-${contact}.vcf`, text);
    }
    for (const name of ['Feed', 'Jail'] as const) {
      const first = name === 'Feed' ? 0 : SIZE.members;
      const members = Array.from({ length: SIZE.members }, (_, index) => `contact-${first + index}`);
      const [resource = '', { text } = { text: '' }] =
        [...book.cards].find(([, card]) => card.text.includes(`FN:${name}\r\n`)) ?? [];
      const lines = members.map((uid) => `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${uid}\r\n`).join('');
      cards.put(book, resource, text.replace('END:VCARD', `${lines}END:VCARD`));
    }
    const [screener = '', feed = ''] = await Promise.all([account.mailboxId('Screener'), account.mailboxId('@ToFeed')]);
    const add = (number: number, from: string, mailboxIds: readonly string[]): void => {
      const head = `From: Somebody <${from}>\r\nSubject: ${number}\r\nMessage-ID: <${number}@seed>`;
      mail.addEmail({
        raw: Buffer.from(`${head}\r\n\r\nHello.\r\n`),
        mailboxIds,
        keywords: [],
        receivedAt: '2026-01-15T09:00:00Z',
      });
    };
    // Half of the senders are known, and in Jail.
    for (let sender = 0; sender < SIZE.senders; sender++) {
      const from = sender % 2 === 0 ? `new${sender}@other.example` : `contact${SIZE.members + sender}@known.example`;
      add(sender, from, [screener, feed]);
    }
    for (let number = SIZE.senders; number < SIZE.screened; number++) {
      add(number, `stranger${number % 5_000}@other.example`, [screener]);
    }
    return account;
  }

  async function cycle({ account }: TestAccount): Promise<Cycle> {
    const started = Date.now();
    const mailroom = await startMailroom(['--once'], {
      account,
      env: { NODE_OPTIONS, MAILROOM_POLL_INTERVAL: String(POLL_INTERVAL) },
      longestMs: LATEST_MS * 2,
    });
    await cage?.hold(mailroom.pid);
    let peakMiB = 0;
    const watch = setInterval(async () => {
      peakMiB = Math.max(peakMiB, (await peakMemory(mailroom.pid)) ?? 0);
    }, 100);
    const run = await mailroom.ended;
    clearInterval(watch);
    return { ...run, peakMiB, durationMs: Date.now() - started };
  }

  it(
    'is triaged under the limits of the manifest, in as many cycles as it takes',
    async () => {
      const account = await crowdedAccount();
      const stores = server.storesOf(account.account);
      const before = sightOf(stores);
      const cycles: Cycle[] = [];
      let left = SIZE.senders;
      while (left > 0 && cycles.length < MOST_CYCLES) {
        const done = await cycle(account);
        cycles.push(done);
        expect({ status: done.status, signalled: done.signalled, stderr: done.stderr }).toEqual({
          status: 0,
          signalled: null,
          stderr: '',
        });
        expect(done.durationMs).toBeLessThan(LATEST_MS);
        expect(done.peakMiB).toBeLessThan(MEMORY_MIB);
        const label = await account.mailboxId('@ToFeed');
        left = [...stores.mail.emails.values()].filter(({ mailboxIds }) => mailboxIds.has(label)).length;
      }
      expect(left).toBe(0);
      expect(brokenByTriage(before, sightOf(stores), DEFAULT_RULES)).toEqual([]);
      const peak = Math.max(...cycles.map(({ peakMiB }) => peakMiB)).toFixed(0);
      const seconds = cycles.map(({ durationMs }) => (durationMs / 1_000).toFixed(0)).join(', ');
      const triaged = cycles.map(({ records }) => records.at(-1)?.['triaged']).join(', ');
      figure(
        `load: ${SIZE.senders} senders, ${SIZE.screened} Screener messages, ${SIZE.contacts} contacts, groups of ${SIZE.members}, ` +
          `${cage === undefined ? 'no cgroup' : `cgroup ${MEMORY_MIB} MiB and ${CPUS} CPU`}: ` +
          `cycles of ${seconds} s triaged ${triaged}, peak RSS ${peak} MiB`,
      );
    },
    extent(240_000, 3_600_000),
  );
});
