import type { Category } from '../../src/triage/category';
import { type EmbeddedServer, startEmbedded } from '../support/embedded/server';
import { brokenByTriage } from '../support/invariants/promises';
import { isInGroup, judgedSubjects } from '../support/invariants/rules';
import type { Sight, SightedMessage } from '../support/invariants/sight';
import { openAccount, type TestAccount } from '../support/test-account';
import { RULES } from './account';
import { sightOf } from './embedded-sight';
import { extent, figure } from './extent';
import { openOverNetwork, run } from './in-process';
import { livedInAccount } from './lived-in';
import { openInMemory, sendInMemory } from './memory';
import { watching } from './requests';

/** What the user does in the middle of a cycle, and what of it is to be there in the end. */
interface Act {
  readonly name: string;
  readonly does: (account: TestAccount) => Promise<unknown>;
  /** What of it is lost; empty where nothing is. */
  readonly lost: (after: Sight) => readonly string[];
}

const onMessage = (
  name: string,
  subject: string,
  does: (
    account: TestAccount,
    message: { readonly id: string; readonly mailboxes: readonly string[] },
  ) => Promise<unknown>,
  isKept: (message: SightedMessage | undefined, after: Sight) => boolean,
): Act => ({
  name: `${name} "${subject}"`,
  async does(account) {
    const message = (await account.messages()).find((each) => each.subject === subject);
    if (message !== undefined) await does(account, message);
  },
  lost(after) {
    const message = after.messages.find(({ content }) => content.startsWith(`["${subject}"`));
    return isKept(message, after) ? [] : [`"${subject}" is in ${message?.mailboxes.join(', ')}`];
  },
});

const onCard = (name: string, uid: string, edit: (text: string) => string, kept: string): Act => ({
  name: `${name} of ${uid}`,
  async does(account) {
    const href = new URL(`${uid}.vcf`, account.account.bookUrl).pathname;
    const text = await account.getCard(href, uid === 'vera' ? '4.0' : '3.0');
    if (text !== undefined) await account.putCard(edit(text), `${uid}.vcf`);
  },
  lost({ contacts, groups }) {
    const card = [...contacts, ...groups].find((each) => each.uid === uid);
    const all = [...(card?.lines ?? []), ...(card !== undefined && 'members' in card ? card.members : [])];
    return all.some((line) => line.includes(kept)) ? [] : [`${uid} has no ${kept}`];
  },
});

const moved = (name: string, subject: string): Act =>
  onMessage(
    name,
    subject,
    async (account, { id, mailboxes }) => {
      await account.labelMessage(id, 'My label');
      for (const other of mailboxes.filter((each) => each !== 'My label')) await account.unlabelMessage(id, other);
    },
    (message) => message?.mailboxes.join() === 'My label',
  );

const destroyed = (name: string, subject: string): Act =>
  onMessage(
    name,
    subject,
    (account, { id }) => account.destroyMessage(id),
    (message) => message === undefined,
  );

const IMBOX = RULES.categories.find(({ name }) => name === 'Imbox') as Category;

/** A verdict that comes too late for this cycle is heard by the next one. */
const contradicted = (name: string, subject: string, address: string): Act =>
  onMessage(
    name,
    subject,
    (account, { id }) => account.labelMessage(id, '@ToImbox'),
    (message, after) =>
      isInGroup(after, address, IMBOX) ||
      (message?.mailboxes.includes('@ToImbox') === true && message.mailboxes.includes(RULES.errorLabel)),
  );

const TEL = (text: string): string => text.replace('END:VCARD', 'TEL:+1 555 0100\r\nEND:VCARD');
const MEMBER = (text: string): string =>
  text.replace('END:VCARD', 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:by-hand\r\nEND:VCARD');
const NOTE = (text: string): string => text.replace('NOTE:', 'NOTE:written just now ');

const ACTS: readonly Act[] = [
  moved('moves the labelled', 'moved 2'),
  moved('moves the labelled', 'new 1'),
  moved('moves the other', 'new 3'),
  moved('moves what is settled', 'settled 1'),
  destroyed('deletes the labelled', 'moved 2'),
  destroyed('deletes the other', 'new 3'),
  onMessage(
    'labels',
    'moved 2',
    (account, { id }) => account.labelMessage(id, 'My label'),
    (message) => message?.mailboxes.includes('My label') === true,
  ),
  contradicted('gives another verdict on the labelled', 'moved 2', 'moved@shop.example'),
  contradicted('gives another verdict on the other', 'new 3', 'new@shop.example'),
  contradicted('gives a verdict on somebody else’s', 'look-alike', 'joann@own.example'),
  onCard('writes a telephone number into the card', 'ann', TEL, 'TEL:+1 555 0100'),
  onCard('writes a telephone number into the card', 'vera', TEL, 'TEL:+1 555 0100'),
  onCard('writes into the note', 'ann', NOTE, 'written just now'),
  onCard('writes into the note', 'gil', NOTE, 'written just now'),
  onCard('adds a member to the group', 'group-Feed', MEMBER, 'by-hand'),
  onCard('adds a member to the group', 'group-Jail', MEMBER, 'by-hand'),
  onCard('adds a member to the own group', 'group-Family', MEMBER, 'by-hand'),
];

/** In the short form each act is tried at one of so many requests, each at others. */
const EACH = extent(8, 1);

describe('the user at work during a cycle', () => {
  let server: EmbeddedServer;
  let base: TestAccount;
  let atFirst: Sight;
  /** Those of a cycle in which the user does nothing. */
  let requests: readonly string[];

  beforeAll(async () => {
    server = await startEmbedded({ searchLags: true });
    base = await livedInAccount(server, ({ account }) => run('cycle', account, openOverNetwork(account)));
    atFirst = sightOf(server.storesOf(base.account));
    requests = (await cycleWith(undefined, undefined)).keys;
  });
  afterAll(() => server.stop());

  /** A cycle on a copy, with something done before each request that `before` names. */
  async function cycleWith(act: Act | undefined, before: string | undefined) {
    const copy = server.copyUser(base.account);
    const account = await openAccount(copy, sendInMemory(server.answer));
    const keys: string[] = [];
    let isDone = false;
    // The user's own requests pass the same gate.
    let acting = false;
    server.gate(
      copy,
      watching(copy, async ({ key }, serve) => {
        if (acting) return serve();
        keys.push(key);
        if (key === before && act !== undefined && !isDone) {
          isDone = true;
          acting = true;
          await act.does(account).finally(() => {
            acting = false;
          });
        }
        return serve();
      }),
    );
    const failures = [await run('cycle', copy, openInMemory(copy, server.answer))];
    server.gate(copy, undefined);
    for (let cycles = 0; cycles < 2; cycles++)
      failures.push(await run('cycle', copy, openInMemory(copy, server.answer)));
    const after = sightOf(server.storesOf(copy));
    server.removeUser(copy);
    return { keys, after, isDone, failures: failures.flatMap((failure) => failure?.message ?? []) };
  }

  /** What the account would hold if the user alone had been there. */
  async function onlyActing(act: Act): Promise<Sight> {
    const copy = server.copyUser(base.account);
    await act.does(await openAccount(copy, sendInMemory(server.answer)));
    const sight = sightOf(server.storesOf(copy));
    server.removeUser(copy);
    return sight;
  }

  it.each(ACTS.map((act, number) => [act.name, act, number] as const))(
    'who %s loses nothing of it, at whichever request',
    async (name, act, number) => {
      const before = await onlyActing(act);
      const judged = new Set([...judgedSubjects(atFirst, RULES), ...judgedSubjects(before, RULES)]);
      const chosen = requests.filter((_, place) => (place + number) % EACH === 0);
      const complaints: string[] = [];
      for (const key of chosen) {
        const { after, isDone, failures } = await cycleWith(act, key);
        if (!isDone) throw new Error(`The request ${key} never came`);
        const broken = brokenByTriage(before, after, RULES, judged);
        complaints.push(...[...act.lost(after), ...broken, ...failures].map((what) => `${key}: ${what}`));
      }
      expect(complaints).toEqual([]);
      figure(`the user ${name}: at ${chosen.length} requests, nothing lost`);
    },
    extent(60_000, 600_000),
  );
});
