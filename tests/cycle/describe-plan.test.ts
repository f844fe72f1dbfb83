import { describePlan, namedIn } from '../../src/cycle/describe-plan';
import {
  aContact,
  aGroup,
  aListMessage,
  aMailbox,
  aMessage,
  DEFAULTS,
  ERROR_LABEL,
  JUNK,
  LIST,
  ownUidOf,
  SCREENER,
  WHOLE_DOMAIN,
  WHOLE_LIST,
} from '../support/builders';
import { type AccountSpec, anAccount, planOn, settingsWith } from '../support/fake-cycle';
import { planOf } from '../support/paper-account';

const ANN = 'Ann <ann@example.com>';
const ANNS = aContact('u', { formattedName: '', addresses: ['ann@example.com'] });

function described(fields: Partial<Parameters<typeof planOf>[0]>) {
  const mailboxes = [aMailbox('A new name', { id: 'Feed' }), aMailbox(SCREENER)];
  const groups = DEFAULTS.map(({ group }) => aGroup(group, group === 'Jail' ? ['u'] : []));
  return describePlan(planOf({ categories: DEFAULTS, messages: [], contacts: [], groups, ...fields }), mailboxes);
}

describe('a plan in words', () => {
  it('has a line for each sender: contact, groups, and messages that change alike together', () => {
    const messages = [
      aMessage('1', ANN, [SCREENER, '@ToFeed']),
      aMessage('2', ANN, [SCREENER]),
      aMessage('3', ANN, [SCREENER]),
      aMessage('4', ANN, ['Jail']),
    ];
    expect(described({ messages })).toEqual([
      {
        text: 'Would triage ann@example.com to Feed',
        fields: {
          contact: { create: 'Ann', note: 'Mailroom 2026-03-01: Feed' },
          joins: ['Feed'],
          leaves: [],
          backlog: [
            { messages: 2, add: ['A new name'], remove: [SCREENER] },
            { messages: 1, add: ['A new name'], remove: ['Jail'] },
          ],
          labelled: [{ messages: 1, add: ['A new name'], remove: [SCREENER, '@ToFeed'] }],
        },
      },
    ]);
  });

  it('says what changes of a contact, and from where the sender comes', () => {
    expect(described({ messages: [aMessage('1', ANN, ['@ToFeed'])], contacts: [ANNS] })).toMatchObject([
      {
        fields: {
          from: 'Jail',
          contact: {
            change: '',
            note: 'Mailroom 2026-03-01: Jail → Feed <ann@example.com> (name filled: Ann)',
            formattedName: 'Ann',
          },
          joins: ['Feed'],
          leaves: ['Jail'],
        },
      },
    ]);
  });

  it('says which contact stays as it is, and that there is a warning', () => {
    const contact = { ...ANNS, formattedName: 'Bank', note: 'Mailroom 2026-01-01: Feed <ann@example.com>' };
    expect(described({ messages: [aMessage('1', ANN, ['@ToFeed'])], contacts: [contact] })).toMatchObject([
      { fields: { contact: { keep: 'Bank' }, warned: true, cautions: ['name differs'] } },
    ]);
  });

  it('has a line for each objection', () => {
    const both = Array.from({ length: 7 }, (_, i) => ({ name: null, email: `s${i}@x.example` }));
    const messages = [
      aMessage('1', ANN, ['@ToFeed', '@ToJail']),
      aMessage('2', null, ['@ToFeed']),
      { ...aMessage('3', null, ['@ToFeed']), from: both },
    ];
    expect(described({ messages })).toMatchObject([
      { text: 'Would object to ann@example.com', fields: { reason: 'conflict', categories: ['Feed', 'Jail'] } },
      { text: 'Would object to a message without a usable From', fields: { reason: 'no sender' } },
      {
        text: 'Would object to a message with several From addresses',
        fields: { reason: 'several senders', addresses: both.slice(0, 5).map(({ email }) => email) },
      },
    ]);
    expect(described({ messages: messages.slice(1, 2) })).toEqual([
      {
        text: 'Would object to a message without a usable From',
        fields: { reason: 'no sender', moves: [{ messages: 1, add: [ERROR_LABEL], remove: [] }] },
      },
    ]);
  });
});

describe('a plan for more than senders and their verdicts, in words', () => {
  const linesOf = async (spec: AccountSpec) =>
    describePlan(await planOn(anAccount({ features: ['domains', 'lists', 'undo', 'spam'], ...spec })), []);

  it('names domains and lists, and who falls under a domain', async () => {
    const messages = [
      aMessage('1', ANN, [SCREENER, '@ToFeed', WHOLE_DOMAIN]),
      aListMessage('2', 'eve@x.example', [SCREENER, '@ToJail', WHOLE_LIST]),
    ];
    expect(await linesOf({ messages, contacts: [ANNS] })).toMatchObject([
      {
        text: 'Would triage all of example.com to Feed',
        fields: {
          contact: { create: 'example.com' },
          joins: ['Feed domains'],
          labelled: [{ messages: 1, add: ['Feed'], remove: [SCREENER, '@ToFeed', WHOLE_DOMAIN] }],
          under: ['ann@example.com'],
        },
      },
      { text: `Would triage the list ${LIST} to Jail`, fields: { joins: ['Jail lists'] } },
    ]);
  });

  it('says what becomes of contacts whose verdict is taken back', async () => {
    const note = 'Mailroom 2026-01-01: Feed <ann@example.com>';
    const contacts = [
      aContact(ownUidOf('bob@example.com'), {
        formattedName: 'Bob',
        addresses: ['bob@example.com'],
        note: 'Mailroom 2026-01-01: Feed',
        pristine: true,
      }),
      { ...ANNS, formattedName: 'Ann', note },
    ];
    const messages = ['bob@example.com', ANN].map((from, index) => aMessage(`${index}`, from, ['Feed', '@ToScreener']));
    const members = { Feed: contacts.map(({ uid }) => uid) };
    const moved = {
      backlog: [{ messages: 1, add: [SCREENER], remove: ['Feed'] }],
      labelled: [{ messages: 1, add: [], remove: ['@ToScreener'] }],
    };
    expect(await linesOf({ messages, contacts, members })).toEqual([
      {
        text: 'Would take the verdict on bob@example.com back',
        fields: { from: 'Feed', releases: [{ delete: 'Bob' }], joins: [], leaves: ['Feed'], ...moved },
      },
      {
        text: 'Would take the verdict on ann@example.com back',
        fields: { from: 'Feed', releases: [{ change: 'Ann' }], joins: [], leaves: ['Feed'], ...moved },
      },
    ]);
  });

  it('has no contact for spam of strangers', async () => {
    expect(await linesOf({ messages: [aMessage('1', ANN, [SCREENER, '@ToSpam'])] })).toEqual([
      {
        text: 'Would take ann@example.com for spam',
        fields: {
          joins: [],
          leaves: [],
          backlog: [],
          labelled: [{ messages: 1, add: [JUNK], remove: [SCREENER, '@ToSpam'] }],
        },
      },
    ]);
  });

  it('has a line for what slipped past the rules of each sender, with whose verdict that is', async () => {
    const messages = [
      aMessage('1', ANN, [SCREENER]),
      aMessage('2', ANN, [SCREENER, 'Jail']),
      aMessage('3', 'bob@shop.example', [SCREENER]),
      aListMessage('4', 'eve@x.example', [SCREENER]),
    ];
    const contacts = [
      ANNS,
      aContact('domain', { addresses: ['*@shop.example'] }),
      aContact('list', { addresses: [LIST], note: `Mailroom 2026-01-01: Jail <list:${LIST}>` }),
    ];
    const members = { Feed: ['u'], 'Imbox domains': ['domain'], 'Jail lists': ['list'] };
    const settings = settingsWith(undefined, { MAILROOM_SWEEP: 'true' });
    expect(await linesOf({ settings, messages, contacts, members })).toEqual([
      {
        text: 'Would file what slipped past the rules of ann@example.com as Feed',
        fields: {
          moves: [
            { messages: 1, add: ['Feed'], remove: [SCREENER] },
            { messages: 1, add: ['Feed'], remove: [SCREENER, 'Jail'] },
          ],
        },
      },
      {
        text: 'Would file what slipped past the rules of bob@shop.example as Imbox, by its domain',
        fields: { moves: [{ messages: 1, add: ['Inbox'], remove: [SCREENER] }] },
      },
      {
        text: `Would file what slipped past the rules of eve@x.example as Jail, by the list ${LIST}`,
        fields: { moves: [{ messages: 1, add: ['Jail'], remove: [SCREENER] }] },
      },
    ]);
  });
});

describe('addresses in a line', () => {
  it.each([
    [1, 'a0'],
    [5, 'a0, a1, a2, a3, a4'],
    [6, 'a0, a1, a2, a3, a4, 1 more'],
  ])('are all of %i, or the first five', (count, text) => {
    expect(namedIn(Array.from({ length: count }, (_, index) => `a${index}`))).toBe(text);
  });
});
