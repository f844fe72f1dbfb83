import { byAddress } from '../../src/triage/by-address';
import type { Contact, Group } from '../../src/triage/contact';
import { judge } from '../../src/triage/judge';
import type { Message } from '../../src/triage/message';
import type { Places } from '../../src/triage/places';
import { type CycleFacts, errorLabelOn, planCycle } from '../../src/triage/plan';
import { NOTHING_SLIPPED } from '../../src/triage/sweep';
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
  placesOf,
  placesWithFeatures,
  SCREENER,
  WARNING_LABEL,
} from '../support/builders';

const NEWS = aCategory('News', { parent: 'Feed' });
const CATEGORIES = [...DEFAULTS, NEWS];
const ANN = 'Ann <ann@example.com>';
const BOB = 'Bob <bob@example.com>';

interface Account {
  readonly mail: readonly Message[];
  readonly contacts?: readonly Contact[];
  readonly groups?: readonly Group[];
  readonly places?: Places;
  readonly fields?: Partial<CycleFacts>;
}

/** The plan for an account in which everything was found. */
function planFor({
  mail,
  contacts = [],
  groups = CATEGORIES.map(({ group }) => aGroup(group)),
  places = placesOf(CATEGORIES),
  fields,
}: Account) {
  const labelled = distinct(mail, 'id').filter(({ mailboxIds }) => mailboxIds.some((id) => places.labels.has(id)));
  const judgement = judge(labelled, places);
  return planCycle({
    places,
    categories: CATEGORIES,
    judgement,
    groups,
    userGroups: [],
    sweep: NOTHING_SLIPPED,
    cautionsOf: () => [],
    contacts: byAddress(distinct(contacts, 'uid'), () => true),
    mail,
    today: '2026-03-01',
    warningsEnabled: true,
    ownUid: ownUidOf,
    ...fields,
  });
}

describe('planCycle', () => {
  it('plans nothing for nothing', () => {
    expect(planFor({ mail: [aMessage('1', ANN, [SCREENER])] })).toEqual({
      verdicts: [],
      objections: [],
      sweeps: [],
      leftAlone: 0,
    });
  });

  it('files labelled messages and the rest of the sender’s mail, each once', () => {
    const { verdicts } = planFor({
      mail: [
        aMessage('1', ANN, [SCREENER, '@ToFeed']),
        aMessage('2', ANN, [SCREENER]),
        aMessage('3', ANN, [INBOX, 'My label']),
        aMessage('4', ANN, ['Archive']),
        aMessage('5', ANN, ['Feed']),
        aMessage('6', BOB, [SCREENER]),
      ],
    });
    expect(verdicts).toMatchObject([
      {
        labelled: [{ id: '1', add: ['Feed'], remove: [SCREENER, '@ToFeed'] }],
        backlog: [
          { id: '2', add: ['Feed'], remove: [SCREENER] },
          { id: '3', add: ['Feed'], remove: [INBOX] },
        ],
        cautions: [],
      },
    ]);
  });

  it('files into every mailbox of the chain', () => {
    const [sender] = planFor({ mail: [aMessage('1', ANN, ['@ToNews'])] }).verdicts;
    expect(sender?.labelled).toEqual([{ id: '1', add: ['News', 'Feed'], remove: ['@ToNews'], whileIn: ['@ToNews'] }]);
  });

  it('leaves the backlog of a sender in conflict alone, and gives its labelled messages the error label', () => {
    const { verdicts, objections } = planFor({
      mail: [
        aMessage('1', ANN, [SCREENER, '@ToFeed']),
        aMessage('2', ANN, ['@ToJail']),
        aMessage('3', ANN, [SCREENER]),
      ],
    });
    expect(verdicts).toEqual([]);
    expect(objections).toMatchObject([
      {
        objection: { reason: 'conflict' },
        changes: [
          { id: '1', add: [ERROR_LABEL], remove: [] },
          { id: '2', add: [ERROR_LABEL], remove: [] },
        ],
      },
    ]);
  });

  it('gives a message without a usable From the error label', () => {
    expect(planFor({ mail: [aMessage('1', null, ['@ToFeed'])] }).objections).toMatchObject([
      {
        objection: { reason: 'no sender', subject: null },
        changes: [errorLabelOn(aMessage('1', null, ['@ToFeed']), placesOf(CATEGORIES))],
      },
    ]);
  });

  it('counts what it leaves alone', () => {
    expect(planFor({ mail: [aMessage('1', ANN, ['@ToFeed', ERROR_LABEL])] })).toEqual({
      verdicts: [],
      objections: [],
      sweeps: [],
      leftAlone: 1,
    });
  });

  describe('where the contact has another name', () => {
    const mail = [aMessage('1', ANN, ['@ToFeed']), aMessage('2', ANN, [SCREENER])];
    const contacts = [aContact('u', { formattedName: 'Bank', addresses: ['ann@example.com'] })];

    it('warns on the labelled messages only, and files them all the same', () => {
      expect(planFor({ mail, contacts }).verdicts).toMatchObject([
        {
          cautions: [{ kind: 'name differs' }],
          labelled: [{ add: ['Feed', WARNING_LABEL], remove: ['@ToFeed'] }],
          backlog: [{ add: ['Feed'], remove: [SCREENER] }],
        },
      ]);
    });

    it('does not warn where warnings are off', () => {
      expect(planFor({ mail, contacts, fields: { warningsEnabled: false } }).verdicts).toMatchObject([
        { cautions: [], labelled: [{ add: ['Feed'] }] },
      ]);
    });
  });

  it('plans from the facts alone: the same facts give the same plan', () => {
    const account = { mail: [aMessage('1', ANN, ['@ToFeed']), aMessage('2', BOB, ['@ToPerson'])] };
    expect(planFor(account)).toEqual(planFor(account));
  });

  describe('for a contact that has the addresses of two senders', () => {
    const mail = [aMessage('1', ANN, ['@ToFeed']), aMessage('2', BOB, ['@ToJail'])];
    const contacts = [aContact('u', { addresses: ['ann@example.com', 'bob@example.com'] })];

    it.each<[string, readonly string[]]>([
      ['none', []],
      ['one of the two', ['Feed']],
      ['both', ['Feed', 'Jail']],
      ['both and another', ['Feed', 'Jail', 'Imbox']],
    ])('ends in the groups of both verdicts, whichever it was in: %s', (_, memberOf) => {
      const groups = ['Imbox', 'Feed', 'Jail'].map((name) => aGroup(name, memberOf.includes(name) ? ['u'] : []));
      const standings = planFor({ mail, contacts, groups }).verdicts.map(({ standing }) => standing);
      const left = standings.flatMap(({ leaves }) => leaves.map(({ group }) => group.name));
      const joined = standings.flatMap(({ joins }) => joins.map(({ group }) => group.name));
      expect([...memberOf.filter((name) => !left.includes(name)), ...joined].sort()).toEqual(['Feed', 'Jail']);
    });

    it.each([
      ['ann@example.com', [SCREENER]],
      ['bob@example.com', [INBOX, SCREENER]],
    ])(
      'takes mail out of the Inbox only where the verdict that is taken back has put it there: %s',
      (sender, places) => {
        const categories = [aCategory('Feed', { addToInbox: true }), aCategory('Jail')];
        const note = 'Mailroom 2026-01-01: Feed <ann@example.com>\nMailroom 2026-01-01: Jail <bob@example.com>';
        const [plan] = planFor({
          mail: [aMessage('1', sender, ['@ToScreener', 'Jail', INBOX])],
          contacts: contacts.map((contact) => ({ ...contact, note })),
          places: placesWithFeatures(categories),
          fields: { categories },
        }).verdicts;
        const change = plan?.backlog[0];
        expect([INBOX, ...(change?.add ?? [])].filter((id) => !change?.remove.includes(id))).toEqual(places);
      },
    );
  });
});
