import { describePlan } from '../../src/cycle/describe-plan';
import { aContact, aGroup, aMailbox, aMessage, DEFAULTS, SCREENER } from '../support/builders';
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
  });
});
