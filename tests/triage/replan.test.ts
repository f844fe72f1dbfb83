import { chainOf, faultsOf } from '../../src/triage/categories';
import type { Category } from '../../src/triage/category';
import type { Contact } from '../../src/triage/contact';
import { isCategory } from '../../src/triage/decision';
import type { Message } from '../../src/triage/message';
import type { CyclePlan } from '../../src/triage/plan';
import {
  aCategory,
  aContact,
  aGroup,
  aMessage,
  DEFAULTS,
  distinct,
  ERROR_LABEL,
  INBOX,
  ownUidOf,
  SCREENER,
  WARNING_LABEL,
} from '../support/builders';
import { afterPlan, type PaperAccount, planOf } from '../support/paper-account';
import { type SeededRandom, seededRandom } from '../support/seeded-random';

const SEEDS = Array.from({ length: 300 }, (_, index) => index + 1);
const OWN_LABELS = ['Archive', 'Trash', 'My label'];
const ADDRESSES = ['ann@example.com', 'joann@example.com', 'bob@example.com', 'ann+news@example.com'];

/** Sound categories: chains, shared groups and mailboxes, some of which add to the Inbox. */
function someCategories(random: SeededRandom): readonly Category[] {
  const categories: Category[] = [];
  for (const name of ['A', 'B', 'C', 'D', 'E']) {
    const parent = categories.length > 0 && random.chance(0.5) ? random.pick(categories) : undefined;
    categories.push(
      aCategory(name, {
        parent: parent?.name,
        group: parent !== undefined && random.chance(0.3) ? parent.group : name,
        mailbox: random.pick([name, name, INBOX, categories[0]?.mailbox ?? name]),
        contactType: random.pick(['company', 'person']),
        addToInbox: random.chance(0.4),
      }),
    );
  }
  const reserved = { screener: SCREENER, errorLabel: ERROR_LABEL, warningLabel: WARNING_LABEL };
  return faultsOf(categories, reserved).length === 0 ? categories : DEFAULTS;
}

/** Own contacts and the user's, some with one address between them; with `shared`, some have several addresses. */
function someContacts(random: SeededRandom, categories: readonly Category[], shared: boolean): readonly Contact[] {
  return ['own', 'u1', 'u2', 'u3', 'u4'].flatMap((uid) => {
    const several = shared && uid !== 'own' ? random.some(ADDRESSES, 0.3) : random.some([random.pick(ADDRESSES)], 0.6);
    const [address] = several;
    if (address === undefined) return [];
    return aContact(uid === 'own' ? ownUidOf(address) : uid, {
      addresses: several,
      formattedName: random.pick([null, '', 'Ann', 'Shop']),
      note: random.pick(['', 'Met at the fair', `Mailroom 2026-01-01: ${random.pick(categories).name}`]),
    });
  });
}

function someMessage(random: SeededRandom, id: string, categories: readonly Category[]): Message {
  const mailboxIds = [
    ...random.some([SCREENER], 0.5),
    ...random.some([...new Set([INBOX, ...categories.map(({ mailbox }) => mailbox)])], 0.15),
    ...random.some(OWN_LABELS, 0.2),
    ...random.some([ERROR_LABEL, WARNING_LABEL], 0.1),
    ...random.some([random.pick(categories).label], 0.4),
    ...random.some([random.pick(categories).label], 0.03),
  ];
  const email = random.pick([...ADDRESSES, ...ADDRESSES.map((address) => address.toUpperCase())]);
  const from = random.chance(0.05)
    ? null
    : random.pick([email, `Ann <${email}>`, `"ANN" <${email}>`, `Bank <${email}>`]);
  const day = String(1 + random.below(28)).padStart(2, '0');
  return aMessage(
    id,
    from,
    mailboxIds.length === 0 ? ['Archive'] : [...new Set(mailboxIds)],
    `2026-02-${day}T00:00:00Z`,
  );
}

function someAccount(seed: number, { shared } = { shared: false }): PaperAccount {
  const random = seededRandom(seed);
  const categories = someCategories(random);
  const messages = Array.from({ length: 30 }, (_, index) => someMessage(random, `m${index}`, categories));
  const contacts = distinct(someContacts(random, categories, shared), 'uid');
  const uids = contacts.map(({ uid }) => uid);
  const names = [...new Set(categories.map(({ group }) => group))];
  const groups = names.map((name) => aGroup(name, ['somebody', ...random.some(uids, 0.3)]));
  return { categories, messages: distinct(messages, 'id'), contacts, groups };
}

function writesOf({ verdicts, objections }: CyclePlan) {
  return {
    contacts: verdicts.filter(({ standing }) => standing.step.kind !== 'keep').length,
    memberships: verdicts.flatMap(({ standing }) => [...standing.joins, ...standing.leaves]).length,
    backlog: verdicts.flatMap(({ backlog }) => backlog).length,
    labelled: verdicts.flatMap(({ labelled }) => labelled).length,
    objections: objections.length,
  };
}

const NOTHING = { contacts: 0, memberships: 0, backlog: 0, labelled: 0, objections: 0 };

/** The names of groups that stand for the sender. */
function groupsOf(account: PaperAccount, address: string): readonly string[] {
  const uids = account.contacts.filter(({ addresses }) => addresses.some((own) => own.toLowerCase() === address));
  return account.groups.filter(({ members }) => uids.some(({ uid }) => members.includes(uid))).map(({ name }) => name);
}

/** The first seed that fails is named. */
function forEachSeed(check: (seed: number) => void): void {
  for (const seed of SEEDS) {
    try {
      check(seed);
    } catch (error) {
      throw new Error(`With seed ${seed}: ${(error as Error).message}`);
    }
  }
}

describe('a plan for an account that is made up by chance', () => {
  it('is of some use as a test: many accounts have something of each kind to write', () => {
    const kinds = SEEDS.map((seed) => writesOf(planOf(someAccount(seed))));
    for (const kind of Object.keys(NOTHING) as (keyof typeof NOTHING)[]) {
      expect(kinds.filter((writes) => writes[kind] > 0).length).toBeGreaterThan(SEEDS.length / 4);
    }
  });

  it('leaves nothing to plan once it is written', () => {
    forEachSeed((seed) => {
      const account = someAccount(seed);
      const done = afterPlan(account, planOf(account), 'all');
      const again = planOf(done);
      expect(again.verdicts).toEqual([]);
      expect(writesOf(again)).toEqual(NOTHING);
    });
  });

  it('leaves only the labelled messages when all else is written', () => {
    forEachSeed((seed) => {
      const account = someAccount(seed);
      const plan = planOf(account);
      const again = planOf(afterPlan(account, plan, 'all but the labelled'), '2026-03-02');
      expect(again.verdicts).toHaveLength(plan.verdicts.length);
      expect(writesOf({ ...again, objections: [] })).toEqual({ ...NOTHING, labelled: writesOf(plan).labelled });
    });
  });

  it('repeated by a label on one more message files that message, and ends old warnings', () => {
    forEachSeed((seed) => {
      const account = someAccount(seed);
      const plan = planOf(account);
      const [first] = plan.verdicts;
      if (first === undefined) return;
      const done = afterPlan(account, { ...plan, verdicts: [first] }, 'all');
      const [{ id } = { id: '' }] = first.labelled;
      const { decision } = first.verdict;
      const label = isCategory(decision) ? decision.label : '';
      const labelledAgain = {
        ...done,
        messages: done.messages
          .filter((message) => message.id === id || !message.mailboxIds.some((mailbox) => mailbox.startsWith('@To')))
          .map((message) => (message.id === id ? { ...message, mailboxIds: [...message.mailboxIds, label] } : message)),
      };
      const again = planOf(labelledAgain, '2026-03-02');
      const backlog = again.verdicts.flatMap((sender) => sender.backlog);
      expect(backlog.filter(({ add, remove }) => add.length > 0 || remove.join() !== WARNING_LABEL)).toEqual([]);
      expect(writesOf(again)).toEqual({ ...NOTHING, backlog: backlog.length, labelled: 1 });
    });
  });

  it('puts each sender into the groups of its chain and no other', () => {
    forEachSeed((seed) => {
      const account = someAccount(seed);
      const plan = planOf(account);
      const done = afterPlan(account, plan, 'all');
      for (const { verdict } of plan.verdicts) {
        const { decision } = verdict;
        const groups = isCategory(decision) ? chainOf(decision, account.categories).map(({ group }) => group) : [];
        expect(new Set(groupsOf(done, verdict.subject.address))).toEqual(new Set(groups));
      }
    });
  });

  it('leaves no contact of a sender in no group, whatever addresses it has', () => {
    forEachSeed((seed) => {
      const account = someAccount(seed, { shared: true });
      const plan = planOf(account);
      const done = afterPlan(account, plan, 'all');
      for (const { verdict } of plan.verdicts) expect(groupsOf(done, verdict.subject.address)).not.toEqual([]);
      expect(planOf(done).verdicts).toEqual([]);
    });
  });
});
