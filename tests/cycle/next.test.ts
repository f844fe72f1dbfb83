import { nextFor } from '../../src/cycle/next';
import {
  aCategory,
  aContact,
  aListMessage,
  aMessage,
  ERROR_LABEL,
  JUNK,
  LIST,
  ownUidOf,
  SCREENER,
  WHOLE_DOMAIN,
  WHOLE_LIST,
} from '../support/builders';
import { type AccountSpec, anAccount, mailboxesFor, planOn, settingsWith } from '../support/fake-cycle';

const ANN = 'Ann <ann@example.com>';
const FEATURES = ['domains', 'lists', 'undo', 'spam'] as const;
const WITHOUT_JUNK = mailboxesFor(settingsWith(), FEATURES).filter(({ role }) => role !== 'junk');
const NAMES = new Map([['Feed', 'A new name']]);

async function next(spec: AccountSpec) {
  return nextFor(await planOn(anAccount({ features: FEATURES, ...spec })), NAMES);
}

describe('what the next cycle would do', () => {
  it('is nothing where no message has a label', async () => {
    await expect(next({ messages: [aMessage('1', ANN, [SCREENER])] })).resolves.toEqual({
      does: 'nothing',
      text: 'nothing: no message carries a triage label',
      leftAlone: 0,
    });
  });

  it('is nothing about messages that wait for the user', async () => {
    const messages = ['1', '2'].map((id) => aMessage(id, ANN, ['@ToFeed', ERROR_LABEL]));
    await expect(next({ messages })).resolves.toEqual({
      does: 'nothing',
      text: 'nothing: 2 labelled messages left alone until the error label is taken off',
      leftAlone: 2,
    });
  });

  it('is to triage: contact, groups and mail, with names of mailboxes', async () => {
    const messages = [
      aMessage('1', ANN, [SCREENER, '@ToFeed']),
      aMessage('2', ANN, [SCREENER]),
      aMessage('3', ANN, [SCREENER]),
    ];
    await expect(next({ messages })).resolves.toEqual({
      does: 'triage',
      text:
        'triage to Feed: make a contact; join Feed; 1 message out of Screener, @ToFeed into A new name; ' +
        '2 messages out of Screener into A new name',
      category: 'Feed',
      from: null,
      contact: 'create',
      deletes: 0,
      joins: ['Feed'],
      leaves: [],
      moves: [
        { messages: 1, add: ['A new name'], remove: [SCREENER, '@ToFeed'] },
        { messages: 2, add: ['A new name'], remove: [SCREENER] },
      ],
      warned: false,
      cautions: [],
      under: [],
    });
  });

  it('is to take the verdict back', async () => {
    const own = aContact(ownUidOf('ann@example.com'), {
      addresses: ['ann@example.com'],
      note: 'Mailroom 2026-01-01: Feed',
      pristine: true,
    });
    const adopted = aContact('u', { addresses: own.addresses, note: 'Mailroom 2026-01-01: Jail <ann@example.com>' });
    const messages = [aMessage('1', ANN, ['Feed', '@ToScreener']), aMessage('2', ANN, ['@ToScreener'])];
    const members = { Feed: [own.uid, adopted.uid], Jail: [adopted.uid] };
    await expect(next({ messages, contacts: [own, adopted], members })).resolves.toMatchObject({
      does: 'take back',
      text:
        'take the verdict back: delete the contact; leave Feed, Feed, Jail; 2 messages out of @ToScreener; ' +
        '1 message out of A new name into Screener; 1 message into Screener',
      category: null,
      from: 'Feed',
      contact: 'none',
      deletes: 1,
      leaves: ['Feed', 'Feed', 'Jail'],
    });
  });

  it('is to join and to file into all of a chain', async () => {
    const settings = settingsWith([aCategory('Feed'), aCategory('News', { parent: 'Feed' })]);
    await expect(next({ settings, messages: [aMessage('1', ANN, ['@ToNews'])] })).resolves.toMatchObject({
      text: 'triage to News: make a contact; join News, Feed; 1 message out of @ToNews into News, A new name',
    });
  });

  it('is to take it for spam', async () => {
    await expect(next({ messages: [aMessage('1', ANN, [SCREENER, '@ToSpam'])] })).resolves.toMatchObject({
      does: 'spam',
      text: `take it for spam: 1 message out of Screener, @ToSpam into ${JUNK}`,
      category: null,
    });
  });

  it('is to warn of who may be somebody else, all the same', async () => {
    const contacts = [aContact('u', { formattedName: 'Ann', addresses: ['ann@example.com'] })];
    const messages = [aMessage('1', 'bank@bank.example <ann@example.com>', ['@ToImbox'])];
    await expect(next({ messages, contacts })).resolves.toMatchObject({
      text:
        'triage to Imbox: note it in the contact; join Imbox; 1 message out of @ToImbox into Inbox, @MailroomWarning; ' +
        'warn that the names differ, and that its name holds another address, bank@bank.example',
      contact: 'change',
      warned: true,
      cautions: [{ kind: 'name differs' }, { kind: 'address in name', address: 'bank@bank.example' }],
    });
  });

  it('is to say who falls under a verdict on a domain, as far as a line names them', async () => {
    const addresses = Array.from({ length: 7 }, (_, index) => `c${index}@example.com`);
    const contacts = addresses.map((address) => aContact(address, { addresses: [address] }));
    await expect(next({ messages: [aMessage('1', ANN, ['@ToFeed', WHOLE_DOMAIN])], contacts })).resolves.toMatchObject({
      text: expect.stringContaining(
        '; 7 contacts of your own fall under it: c0@example.com, c1@example.com, c2@example.com, c3@example.com, c4@example.com, 2 more',
      ),
      under: addresses,
    });
  });

  it('is told with what else is judged, and what waits', async () => {
    const messages = [
      aMessage('1', ANN, ['@ToFeed']),
      aMessage('2', ANN, ['@ToJail', WHOLE_DOMAIN]),
      aMessage('3', ANN, ['@ToFeed', WHOLE_DOMAIN, WHOLE_LIST]),
      aMessage('4', ANN, ['@ToFeed', ERROR_LABEL]),
    ];
    await expect(next({ messages })).resolves.toMatchObject({
      does: 'triage',
      text:
        'triage to Feed: make a contact; join Feed; 1 message out of @ToFeed into A new name; all of example.com: triage to Jail; ' +
        'put the error label on 1 message: the labels ask for a verdict on the domain and on the mailing list at once; ' +
        '1 labelled message left alone until the error label is taken off',
    });
  });

  it('is to file what slipped past the rules', async () => {
    const contacts = [aContact('u', { addresses: ['ann@example.com'] })];
    const settings = settingsWith(undefined, { MAILROOM_SWEEP: 'true' });
    const messages = [
      aMessage('1', ANN, [SCREENER]),
      aMessage('2', ANN, [SCREENER]),
      aMessage('3', ANN, [SCREENER, 'Jail']),
    ];
    await expect(next({ settings, messages, contacts, members: { Feed: ['u'] } })).resolves.toEqual({
      does: 'sweep',
      text:
        'file what slipped past the rules: 2 messages out of Screener into A new name; ' +
        '1 message out of Screener, Jail into A new name',
      category: 'Feed',
      moves: [
        { messages: 2, add: ['A new name'], remove: [SCREENER] },
        { messages: 1, add: ['A new name'], remove: [SCREENER, 'Jail'] },
      ],
    });
  });
});

describe('an objection of the next cycle', () => {
  const several = {
    ...aMessage('1', null, ['@ToFeed']),
    from: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => ({ name, email: `${name}@x.example` })),
  };
  const ofList = aContact('list', { addresses: [LIST], note: `Mailroom 2026-01-01: Feed <list:${LIST}>` });
  const ofDomain = aContact('domain', {
    addresses: ['*@example.com'],
    note: 'Mailroom 2026-01-01: Feed <*@example.com>',
  });

  it.each<[string, AccountSpec, readonly string[]]>([
    [
      'the triage labels contradict each other (Feed, Jail)',
      { messages: [aMessage('1', ANN, ['@ToFeed', '@ToJail'])] },
      ['Feed', 'Jail'],
    ],
    ['no usable From', { messages: [aMessage('1', null, ['@ToFeed'])] }, []],
    [
      'it has several From addresses (a@x.example, b@x.example, c@x.example, d@x.example, e@x.example)',
      { messages: [several] },
      [],
    ],
    [
      'no mailbox has the role junk',
      { messages: [aMessage('1', ANN, ['@ToSpam'])], mail: { mailboxes: WITHOUT_JUNK } },
      ['Spam'],
    ],
    [
      'the labels ask for a verdict on the domain and on the mailing list at once',
      { messages: [aMessage('1', ANN, ['@ToFeed', WHOLE_DOMAIN, WHOLE_LIST])] },
      ['Feed'],
    ],
    [
      'the addresses of this domain belong to people who have nothing to do with each other',
      { messages: [aMessage('1', 'ann@gmail.com', ['@ToFeed', WHOLE_DOMAIN])] },
      ['Feed'],
    ],
    ['this domain is your own', { messages: [aMessage('1', 'ann@home.example', ['@ToFeed', WHOLE_DOMAIN])] }, ['Feed']],
    [
      'it has no List-Post that says where its mailing list is posted to',
      { messages: [aMessage('1', ANN, ['@ToFeed', WHOLE_LIST])] },
      ['Feed'],
    ],
    [
      'it is not addressed to the mailing list that its List-Post names',
      { messages: [aListMessage('1', ANN, ['@ToFeed', WHOLE_LIST], { recipients: ['me@example.com'] })] },
      ['Feed'],
    ],
    [
      'the verdict is that of the whole domain; the label for whole domains beside this one takes that back',
      {
        messages: [aMessage('1', ANN, ['@ToScreener'])],
        contacts: [ofDomain],
        members: { 'Feed domains': ['domain'] },
      },
      ['Screener'],
    ],
    [
      'the verdict is that of the mailing list; the label for whole lists beside this one takes that back',
      { messages: [aListMessage('1', ANN, ['@ToScreener'])], contacts: [ofList], members: { 'Feed lists': ['list'] } },
      ['Screener'],
    ],
  ])('says that %s', async (reason, spec, categories) => {
    await expect(next(spec)).resolves.toEqual({
      does: 'object',
      text: `put the error label on 1 message: ${reason}`,
      categories,
      messages: 1,
    });
  });

  it('says of several what is wrong with each', async () => {
    const messages = [
      aMessage('1', ANN, ['@ToFeed']),
      aMessage('2', ANN, ['@ToJail']),
      several,
      { ...several, id: '4' },
    ].map((message, id) => ({ ...message, id: `${id}` }));
    await expect(next({ messages })).resolves.toEqual({
      does: 'object',
      text:
        'put the error label on 2 messages: the triage labels contradict each other (Feed, Jail); ' +
        'put the error label on 2 messages: they have several From addresses (a@x.example, b@x.example, c@x.example, d@x.example, e@x.example)',
      categories: ['Feed', 'Jail'],
      messages: 4,
    });
  });
});
