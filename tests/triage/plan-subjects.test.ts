import { byAddress } from '../../src/triage/by-address';
import type { Contact, Group } from '../../src/triage/contact';
import { judge, type RefusedDomains } from '../../src/triage/judge';
import type { Message } from '../../src/triage/message';
import { planCycle } from '../../src/triage/plan';
import { keyOf } from '../../src/triage/subject';
import { NOTHING_SLIPPED } from '../../src/triage/sweep';
import {
  aContact,
  aGroup,
  aListMessage,
  aMessage,
  DEFAULTS,
  distinct,
  ERROR_LABEL,
  INBOX,
  JUNK,
  LIST,
  ownUidOf,
  placesWithFeatures,
  SCREENER,
  WHOLE_DOMAIN,
  WHOLE_LIST,
} from '../support/builders';

const PLACES = placesWithFeatures(DEFAULTS);
const GROUPS = ['Imbox', 'Feed', 'Paper Trail', 'Jail'].flatMap((name) => [name, `${name} domains`, `${name} lists`]);

const ANN = aContact('ann', { addresses: ['ann@shop.example'] });
const BOB = aContact('bob', { addresses: ['bob@shop.example'], formattedName: 'Bob' });
const SHOP = aContact(ownUidOf('*@shop.example'), {
  addresses: ['*@shop.example'],
  note: 'Mailroom 2026-01-01: Feed',
  pristine: true,
});
const POSTS = aContact(ownUidOf(LIST), {
  addresses: [LIST],
  note: `Mailroom 2026-01-01: Feed <list:${LIST}>`,
  pristine: true,
});

interface Account {
  readonly messages: readonly Message[];
  readonly contacts?: readonly Contact[];
  readonly members?: Readonly<Record<string, readonly string[]>>;
  readonly refused?: RefusedDomains;
  /** Ids of messages that got their labels after all labelled ones were read. */
  readonly late?: readonly string[];
}

function planOf({ messages, contacts = [], members = {}, refused, late = [] }: Account) {
  const labelled = distinct(messages, 'id')
    .filter(({ mailboxIds }) => mailboxIds.some((id) => PLACES.labels.has(id)))
    .filter(({ id }) => !late.includes(id));
  const groups: readonly Group[] = GROUPS.map((name) => aGroup(name, members[name]));
  return planCycle({
    places: PLACES,
    categories: DEFAULTS,
    judgement: judge(labelled, PLACES, refused),
    groups,
    userGroups: [],
    sweep: NOTHING_SLIPPED,
    cautionsOf: () => [],
    contacts: byAddress(distinct(contacts, 'uid'), () => true),
    mail: messages,
    today: '2026-03-01',
    warningsEnabled: true,
    ownUid: ownUidOf,
  });
}

/** What becomes of the messages' mailboxes, of the contacts and of the groups. */
function outcomeOf(account: Account) {
  const { verdicts, objections } = planOf(account);
  const changes = [
    ...verdicts.flatMap(({ backlog, labelled }) => [...backlog, ...labelled]),
    ...objections.flatMap((objection) => objection.changes),
  ];
  const places = account.messages.map(({ id, mailboxIds }) => {
    const own = changes.filter((change) => change.id === id);
    const after = own.reduce<readonly string[]>(
      (now, { add, remove }) => [...new Set([...now.filter((one) => !remove.includes(one)), ...add])],
      mailboxIds,
    );
    return [id, [...after].sort()];
  });
  return {
    places: Object.fromEntries(places),
    subjects: Object.fromEntries(
      verdicts.map(({ verdict, standing, under }) => [
        keyOf(verdict.subject),
        {
          step: standing.step.kind,
          joins: standing.joins.map(({ group }) => group.name),
          leaves: standing.leaves.map(({ group }) => group.name),
          ...(under.length === 0 ? {} : { under }),
        },
      ]),
    ),
    objections: objections.map(({ objection }) => objection.reason),
  };
}

describe('mail that is labelled while the cycle reads', () => {
  const DOMAIN = ['@ToFeed', WHOLE_DOMAIN];

  it.each<[string, boolean, readonly string[], readonly string[]]>([
    ['is filed where the same verdict is asked for once more', true, ['@ToFeed'], ['@ToFeed']],
    ['waits where another verdict is asked for', false, ['@ToFeed'], ['@ToJail']],
    ['waits where one is asked for on its domain', false, ['@ToFeed'], DOMAIN],
    ['waits where one is asked for on its list', false, ['@ToFeed'], ['@ToFeed', WHOLE_LIST]],
    ['waits where the one on its domain is asked for once more', false, DOMAIN, DOMAIN],
    ['waits where one on its sender is asked for beside that on its domain', false, DOMAIN, ['@ToFeed']],
    ['is filed where the triage label is still to come', true, DOMAIN, [WHOLE_LIST]],
  ])('%s', (_, isFiled, labels, lateLabels) => {
    const { verdicts } = planOf({
      messages: [
        aMessage('1', 'ann@shop.example', [SCREENER, ...labels]),
        aMessage('late', 'ann@shop.example', [SCREENER, ...lateLabels]),
      ],
      late: ['late'],
    });
    expect(verdicts.flatMap(({ backlog }) => backlog.map(({ id }) => id))).toEqual(isFiled ? ['late'] : []);
  });
});

describe('a verdict on a whole domain', () => {
  it('makes one contact, and files the mail of all of its senders without a verdict of their own', () => {
    const account = {
      messages: [
        aMessage('labelled', 'News <news@shop.example>', [SCREENER, '@ToFeed', WHOLE_DOMAIN]),
        aMessage('same', 'news@shop.example', [SCREENER]),
        aMessage('other', 'SALES@Shop.Example', [SCREENER, 'Mine']),
        aMessage('old', 'sales@shop.example', ['Jail']),
        aMessage('own verdict', 'ann@shop.example', ['Jail']),
        aMessage('own contact', 'bob@shop.example', [INBOX]),
        aMessage('subdomain', 'x@my.shop.example', [SCREENER]),
        aMessage('look-alike', 'x@shop.example.com', [SCREENER]),
        aMessage('elsewhere', 'sales@shop.example', ['Archive']),
      ],
      contacts: [ANN, BOB],
      members: { Jail: ['ann'] },
    };
    expect(outcomeOf(account)).toEqual({
      places: {
        labelled: ['Feed'],
        same: ['Feed'],
        other: ['Feed', 'Mine'],
        old: ['Feed'],
        'own verdict': ['Jail'],
        'own contact': ['Feed'],
        subdomain: [SCREENER],
        'look-alike': [SCREENER],
        elsewhere: ['Archive'],
      },
      subjects: {
        '*@shop.example': { step: 'create', joins: ['Feed domains'], leaves: [], under: ['bob@shop.example'] },
      },
      objections: [],
    });
    const [{ standing } = { standing: undefined }] = planOf(account).verdicts;
    expect(standing?.step).toMatchObject({
      contact: {
        uid: ownUidOf('*@shop.example'),
        email: '*@shop.example',
        formattedName: 'shop.example',
        note: 'Mailroom 2026-03-01: Feed',
        personName: null,
      },
    });
    expect(standing?.nameDiffers).toBe(false);
  });

  it('of a person makes a company of it', () => {
    const messages = [aMessage('1', 'Ann <ann@shop.example>', [SCREENER, '@ToPerson', WHOLE_DOMAIN])];
    expect(planOf({ messages }).verdicts[0]?.standing.step).toMatchObject({ contact: { personName: null } });
  });

  it('leaves the message that asks for it to a verdict of its sender', () => {
    const messages = [aMessage('1', 'ann@shop.example', [SCREENER, '@ToFeed', WHOLE_DOMAIN])];
    const { places, subjects } = outcomeOf({ messages, contacts: [ANN], members: { Jail: ['ann'] } });
    expect(places).toEqual({ '1': ['Jail'] });
    expect(subjects).toMatchObject({ '*@shop.example': { joins: ['Feed domains'] } });
  });

  it('is given beside a verdict on a sender of it, each by its own messages', () => {
    const messages = [
      aMessage('domain', 'ann@shop.example', [SCREENER, '@ToFeed', WHOLE_DOMAIN]),
      aMessage('sender', 'ann@shop.example', [SCREENER, '@ToJail']),
      aMessage('ann', 'ann@shop.example', [SCREENER]),
      aMessage('sales', 'sales@shop.example', [SCREENER]),
    ];
    expect(outcomeOf({ messages })).toEqual({
      places: { domain: ['Jail'], sender: ['Jail'], ann: ['Jail'], sales: ['Feed'] },
      subjects: {
        '*@shop.example': { step: 'create', joins: ['Feed domains'], leaves: [] },
        'ann@shop.example': { step: 'create', joins: ['Jail'], leaves: [] },
      },
      objections: [],
    });
  });

  it('keeps the label of a verdict that asks for the same category until it is carried out', () => {
    const { verdicts } = planOf({
      messages: [
        aMessage('domain', 'ann@shop.example', [SCREENER, '@ToFeed', WHOLE_DOMAIN]),
        aMessage('sender', 'ann@shop.example', [SCREENER, '@ToFeed']),
        aMessage('late', 'bob@shop.example', [SCREENER, '@ToFeed', WHOLE_LIST]),
      ],
    });
    expect(verdicts.flatMap(({ backlog }) => backlog)).toEqual([]);
  });

  it('moves when the domain is triaged again, and leaves groups of senders that it was in', () => {
    const messages = [
      aMessage('1', 'sales@shop.example', ['Feed', '@ToJail', WHOLE_DOMAIN]),
      aMessage('2', 'news@shop.example', ['Feed']),
    ];
    const members = { 'Feed domains': [SHOP.uid], 'Paper Trail': [SHOP.uid], 'Paper Trail lists': [SHOP.uid] };
    expect(outcomeOf({ messages, contacts: [SHOP], members })).toEqual({
      places: { '1': ['Jail'], '2': ['Jail'] },
      subjects: {
        '*@shop.example': { step: 'change', joins: ['Jail domains'], leaves: ['Feed domains', 'Paper Trail'] },
      },
      objections: [],
    });
  });

  it('is taken back to where other verdicts say, else to the Screener', () => {
    const messages = [
      aListMessage('list', 'sales@shop.example', ['Feed']),
      aMessage('1', 'sales@shop.example', ['Feed', '@ToScreener', WHOLE_DOMAIN]),
      aMessage('2', 'news@shop.example', ['Feed', 'Mine']),
      aMessage('own verdict', 'ann@shop.example', ['Feed']),
      aMessage('own contact', 'bob@shop.example', ['Feed']),
    ];
    const members = { 'Feed domains': [SHOP.uid], Feed: ['ann'], 'Jail lists': [POSTS.uid] };
    const contacts = [SHOP, ANN, BOB, POSTS];
    expect(outcomeOf({ messages, contacts, members })).toEqual({
      places: {
        list: ['Jail'],
        '1': [SCREENER],
        '2': ['Mine', SCREENER],
        'own verdict': ['Feed'],
        'own contact': [SCREENER],
      },
      subjects: { '*@shop.example': { step: 'none', joins: [], leaves: ['Feed domains'] } },
      objections: [],
    });
    expect(planOf({ messages, contacts, members }).verdicts[0]?.standing.releases).toEqual([
      { contact: SHOP, deletable: true },
    ]);
  });

  it('that there never was takes the mail of no contact out of the Inbox', () => {
    const messages = [
      aMessage('1', 'sales@shop.example', ['Feed', '@ToScreener', WHOLE_DOMAIN]),
      aMessage('2', 'bob@shop.example', [INBOX]),
      aMessage('3', 'news@shop.example', [INBOX]),
    ];
    expect(outcomeOf({ messages, contacts: [BOB] }).places).toEqual({ '1': [SCREENER], '2': [INBOX], '3': [SCREENER] });
  });

  it('takes for spam what comes from nobody’s contact, and no other verdict rules', () => {
    const messages = [
      aMessage('1', 'win@shop.example', [SCREENER, '@ToSpam', WHOLE_DOMAIN]),
      aMessage('2', 'more@shop.example', ['Feed', 'Mine']),
      aMessage('own verdict', 'ann@shop.example', ['Paper Trail']),
      aMessage('own contact', 'bob@shop.example', ['Feed']),
      aMessage('own contact, labelled', 'bob@shop.example', ['@ToSpam', WHOLE_DOMAIN]),
    ];
    const members = { 'Feed domains': [SHOP.uid], 'Paper Trail': ['ann'] };
    expect(outcomeOf({ messages, contacts: [SHOP, ANN, BOB], members })).toEqual({
      places: {
        '1': [JUNK],
        '2': [JUNK, 'Mine'],
        'own verdict': ['Paper Trail'],
        'own contact': [SCREENER],
        'own contact, labelled': [SCREENER],
      },
      subjects: { '*@shop.example': { step: 'none', joins: [], leaves: ['Feed domains'] } },
      objections: [],
    });
    expect(outcomeOf({ messages, contacts: [BOB] }).places['own contact']).toEqual(['Feed']);
  });
});

describe('taking back the verdict on one sender', () => {
  const messages = [
    aMessage('1', 'ann@shop.example', ['Jail', '@ToScreener']),
    aMessage('2', 'ann@shop.example', ['Jail']),
  ];
  const own = { ...ANN, note: 'Mailroom 2026-01-01: Jail <ann@shop.example>' };

  it('puts its mail where its domain’s verdict says', () => {
    const members = { Jail: ['ann'], 'Feed domains': [SHOP.uid] };
    expect(outcomeOf({ messages, contacts: [own, SHOP], members }).places).toEqual({ '1': ['Feed'], '2': ['Feed'] });
  });

  it('is finished where the groups are left already', () => {
    const members = { 'Feed domains': [SHOP.uid] };
    const { places, objections } = outcomeOf({ messages, contacts: [own, SHOP], members });
    expect([places, objections]).toEqual([{ '1': ['Feed'], '2': ['Feed'] }, []]);
  });

  it('is objected to where there is none but its domain’s', () => {
    const members = { 'Feed domains': [SHOP.uid] };
    const { places, objections } = outcomeOf({ messages, contacts: [ANN, SHOP], members });
    expect(objections).toEqual(['verdict of its domain']);
    expect(places).toEqual({ '1': [ERROR_LABEL, '@ToScreener', 'Jail'].sort(), '2': ['Jail'] });
  });

  it('is objected to where all that is labelled is a list’s', () => {
    const toList = aListMessage('1', 'ann@shop.example', ['Feed', '@ToScreener']);
    const alone = { messages: [toList], contacts: [POSTS], members: { 'Feed lists': [POSTS.uid] } };
    expect(outcomeOf(alone).objections).toEqual(['verdict of its list']);
    const both = { ...alone, messages: [toList, aMessage('2', 'ann@shop.example', ['Jail', '@ToScreener'])] };
    expect(outcomeOf(both)).toMatchObject({ places: { '1': ['Feed'], '2': [SCREENER] }, objections: [] });
  });

  it('that is objected to leaves its mail to a verdict on the domain in the same cycle', () => {
    const asked = [
      aMessage('1', 'ann@shop.example', [SCREENER, '@ToScreener']),
      aMessage('2', 'ann@shop.example', [SCREENER]),
      aMessage('3', 'bob@shop.example', [SCREENER, '@ToFeed', WHOLE_DOMAIN]),
    ];
    const { places, objections } = outcomeOf({ messages: asked });
    expect(objections).toEqual(['verdict of its domain']);
    expect(places).toMatchObject({ '2': ['Feed'], '3': ['Feed'] });
  });
});

describe('a verdict on a mailing list', () => {
  it('makes one contact, and files what is addressed to the list of senders without another verdict', () => {
    const account = {
      messages: [
        aListMessage('labelled', 'Eve <eve@x.example>', [SCREENER, '@ToFeed', WHOLE_LIST]),
        aListMessage('other', 'dan@y.example', [SCREENER, 'Mine']),
        aListMessage('without List-Post', 'dan@y.example', ['Jail'], { listPost: [] }),
        aListMessage('own verdict', 'ann@shop.example', ['Jail']),
        aListMessage('verdict of the domain', 'sales@firm.example', ['Paper Trail']),
        aListMessage('not to it', 'dan@y.example', [SCREENER], { recipients: ['posts@list.example.com'] }),
        aMessage('from the posting address', LIST, [SCREENER]),
      ],
      contacts: [ANN, aContact('firm', { addresses: ['*@firm.example'] })],
      members: { Jail: ['ann'], 'Paper Trail domains': ['firm'] },
    };
    expect(outcomeOf(account)).toEqual({
      places: {
        labelled: ['Feed'],
        other: ['Feed', 'Mine'],
        'without List-Post': ['Feed'],
        'own verdict': ['Jail'],
        'verdict of the domain': ['Paper Trail'],
        'not to it': [SCREENER],
        'from the posting address': [SCREENER],
      },
      subjects: { [`list:${LIST}`]: { step: 'create', joins: ['Feed lists'], leaves: [] } },
      objections: [],
    });
    expect(planOf(account).verdicts[0]?.standing.step).toMatchObject({
      contact: { email: LIST, formattedName: LIST, note: `Mailroom 2026-03-01: Feed <list:${LIST}>`, personName: null },
    });
  });

  it('shares a contact with a verdict on the posting address, each in groups of its own', () => {
    const asSender = aContact(ownUidOf(LIST), { addresses: [LIST], note: 'Mailroom 2026-01-01: Jail', pristine: true });
    const messages = [aListMessage('1', 'eve@x.example', [SCREENER, '@ToFeed', WHOLE_LIST])];
    const { verdicts } = planOf({ messages, contacts: [asSender], members: { Jail: [asSender.uid] } });
    expect(verdicts[0]?.standing).toMatchObject({
      step: { kind: 'change', edit: { addNoteLine: `Mailroom 2026-03-01: Feed <list:${LIST}>` } },
      joins: [{ group: { name: 'Feed lists' } }],
      leaves: [],
      from: null,
    });
  });

  it('is taken back without the verdict on the posting address', () => {
    const both = { ...POSTS, note: `Mailroom 2026-01-01: Jail\n${POSTS.note}` };
    const messages = [aListMessage('1', 'eve@x.example', ['Feed', '@ToScreener', WHOLE_LIST])];
    const account = { messages, contacts: [both], members: { Jail: [both.uid], 'Feed lists': [both.uid] } };
    expect(outcomeOf(account)).toMatchObject({
      places: { '1': [SCREENER] },
      subjects: { [`list:${LIST}`]: { step: 'none', leaves: ['Feed lists'] } },
    });
    expect(planOf(account).verdicts[0]?.standing.releases).toEqual([{ contact: both, deletable: false }]);
  });
});
