import type { MailServer } from './account';
import { linesOf } from './card-driver';
import type { SeenMessage } from './mail-driver';
import { runMailroom } from './mailroom';
import type { SeededRandom } from './seeded-random';
import { screenedAccount, type TestAccount, TRIAGE_LABELS } from './test-account';

/** An account with a past, and what only somebody knows who was there. */
export interface RandomLife {
  readonly account: TestAccount;
  /** Addresses that cycles have triaged and whose contacts are there. */
  readonly triaged: ReadonlySet<string>;
  /** UID → text of the user's own cards as they would be without Mailroom. */
  readonly ownCards: ReadonlyMap<string, string>;
  /** UIDs of the contacts of Mailroom's that the user has changed. */
  readonly changedCards: ReadonlySet<string>;
}

const OWN_CARDS: readonly {
  readonly uid: string;
  readonly addresses: readonly string[];
  readonly lines: readonly string[];
}[] = [
  {
    uid: 'two-addresses',
    addresses: ['ann@work.example', 'ann@home.example'],
    lines: ['FN:Ann', 'NOTE:met in Rome\\, 2019'],
  },
  { uid: 'nameless', addresses: ['bob@own.example'], lines: ['FN:', 'X-SPOUSE;TYPE=x:Carol', 'NOTE:'] },
  {
    uid: 'in-capitals',
    addresses: ['DAN@OWN.EXAMPLE'],
    lines: ['FN:Dan Ötker', 'item1.URL:https://dan.example/', 'item1.X-ABLabel:home'],
  },
  { uid: 'first-of-two', addresses: ['eve@own.example'], lines: ['FN:Eve', 'NOTE:one\\ntwo\\n'] },
  { uid: 'second-of-two', addresses: ['eve@own.example'], lines: ['FN:Eve', 'TEL:+1 23'] },
  { uid: 'never-triaged', addresses: ['never@own.example'], lines: ['FN:Never', 'NOTE:a friend'] },
];

const STRANGERS = Array.from({ length: 10 }, (_, index) => `stranger${index}@sender.example`);
const NEVER = 'never@own.example';
const WRITERS = [...STRANGERS, ...OWN_CARDS.flatMap(({ addresses }) => addresses)];
const ROUNDS = 10;
/** Of the messages that a user does something to between two cycles. */
const EDITED = 0.2;

/** Mail, triage labels, cycles and edits of the user, in an order that the seed decides. */
export async function liveRandomly(server: MailServer, random: SeededRandom): Promise<RandomLife> {
  const account = await screenedAccount(server);
  await account.makeMailboxes(['Archive', 'Holidays', 'Projects', 'Projects/Feed']);
  await account.putCards(OWN_CARDS.map(cardOf));
  await account.makeGroup({ name: 'Family', members: ['nameless', 'never-triaged'] });
  const ownCards = new Map<string, string>();
  for (const { text } of await account.cards()) if (!isGroup(text)) ownCards.set(uidOf(text), text);
  const triaged = new Set<string>();
  const changedCards = new Set<string>();

  for (let round = 0; round < ROUNDS; round += 1) {
    await receiveMail(account, random);
    const messages = (await account.messages()).filter(({ from }) => from?.[0]?.email !== NEVER);
    for (const message of random.some(messages, EDITED)) await editMail(account, random, message);
    await editCards(account, random, { ownCards, changedCards, triaged });
    await server.index(account.account);
    for (const sender of await triage(account)) triaged.add(sender);
  }
  return { account, triaged, ownCards, changedCards };
}

/** New mail, where a rule or nobody has put it. */
async function receiveMail(account: TestAccount, random: SeededRandom): Promise<void> {
  const places = ['Screener', 'Screener', 'Inbox', 'Feed', 'Paper Trail', 'Jail', 'Projects/Feed'];
  await account.addMessages(
    Array.from({ length: 8 }, (_, index) => {
      const writer = random.pick(WRITERS);
      return {
        subject: `message ${index}`,
        from: random.chance(0.05) ? null : `${random.pick(['Somebody', 'Ann', ''])} <${writer}>`,
        mailboxes: [writer === NEVER ? random.pick(['Inbox', 'Feed', 'Jail']) : random.pick(places)],
      };
    }),
  );
}

async function editMail(account: TestAccount, random: SeededRandom, { id, mailboxes }: SeenMessage): Promise<void> {
  const [place = 'Archive'] = mailboxes;
  if (random.chance(0.6)) return account.labelMessage(id, random.pick(TRIAGE_LABELS));
  if (random.chance(0.3)) return account.labelMessage(id, 'Holidays');
  if (mailboxes.includes('@MailroomError') && mailboxes.length > 1) return account.unlabelMessage(id, '@MailroomError');
  if (random.chance(0.2)) return account.destroyMessage(id);
  await account.labelMessage(id, 'Archive');
  if (place !== 'Archive') await account.unlabelMessage(id, place);
}

interface Memory {
  readonly ownCards: Map<string, string>;
  readonly changedCards: Set<string>;
  readonly triaged: Set<string>;
}

/** The user writes into own cards and into one of Mailroom's, or deletes one of these. */
async function editCards(
  account: TestAccount,
  random: SeededRandom,
  { ownCards, changedCards, triaged }: Memory,
): Promise<void> {
  const cards = (await account.cards()).filter(({ text }) => !isGroup(text));
  for (const { href, text } of random.some(cards, 0.15)) {
    const uid = uidOf(text);
    const own = ownCards.get(uid);
    if (own === undefined && random.chance(0.3)) {
      await account.deleteCard(href);
      changedCards.delete(uid);
      triaged.delete(/^EMAIL[^:]*:(.*)\r$/m.exec(text)?.[1] ?? '');
      continue;
    }
    const line = `TEL:+${random.below(1_000_000)}`;
    const edit = (card: string): string => card.replace(/^N[:;]/m, (name) => `${line}\r\n${name}`);
    await account.putCard(edit(text));
    if (own === undefined) changedCards.add(uid);
    else ownCards.set(uid, edit(own));
  }
}

/** A cycle; gives the senders that it triaged. */
async function triage({ account }: TestAccount): Promise<readonly string[]> {
  const { status, stdout, records } = await runMailroom(['--once'], { account });
  if (status !== 0) throw new Error(`The cycle ended with ${status}: ${stdout}`);
  return records.filter(({ message }) => message === 'Triaged').map(({ sender }) => String(sender));
}

function cardOf({ uid, addresses, lines }: (typeof OWN_CARDS)[number]): string {
  const emails = addresses.map((address) => `EMAIL;TYPE=HOME:${address}`);
  return ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, 'N:;;;;', ...lines, ...emails, 'END:VCARD', ''].join('\n');
}

export function isGroup(text: string): boolean {
  return /^X-ADDRESSBOOKSERVER-KIND:group\r?$/m.test(text);
}

export function uidOf(text: string): string {
  return (
    linesOf(text)
      .find((line) => line.startsWith('UID:'))
      ?.slice('UID:'.length) ?? ''
  );
}
