import {
  aContact,
  aListMessage,
  aMessage,
  ERROR_LABEL,
  INBOX,
  JUNK,
  LIST,
  ownUidOf,
  SCREENER,
  WHOLE_DOMAIN,
  WHOLE_LIST,
} from '../support/builders';
import { type AccountSpec, anAccount, contentOf, cycleOn, type FakeAccount, recordingLog } from '../support/fake-cycle';
import { afterTroubleAtEachWrite, TROUBLES } from '../support/trouble-at-each-write';

const FEATURES = ['domains', 'lists', 'undo', 'spam'] as const;

const DOMAIN = '*@old.example';
const OLD_LIST = 'old@list.example';

/** Verdicts on domains and lists: new ones, changed ones, some that are taken back, and spam, with more exact verdicts in between. */
const SPEC: AccountSpec = {
  features: FEATURES,
  messages: [
    aMessage('new domain', 'news@shop.example', [SCREENER, '@ToFeed', WHOLE_DOMAIN]),
    aMessage('of the domain', 'sales@shop.example', [SCREENER, 'My label']),
    aMessage('own verdict', 'ann@shop.example', [SCREENER, '@ToJail']),
    aMessage('own contact', 'bob@shop.example', [INBOX]),
    aMessage('look-alike', 'x@my.shop.example', [SCREENER]),
    aMessage('moved domain', 'x@old.example', ['Feed', '@ToJail', WHOLE_DOMAIN]),
    aMessage('of the moved domain', 'y@old.example', ['Feed']),
    aMessage('spam domain', 'win@spam.example', ['@ToSpam', WHOLE_DOMAIN]),
    aMessage('of the spam domain', 'more@spam.example', ['Paper Trail']),
    aListMessage('new list', 'eve@x.example', [SCREENER, '@ToFeed', WHOLE_LIST]),
    aListMessage('of the list', 'dan@y.example', [SCREENER]),
    aListMessage('of the list and the domain', 'sales@shop.example', [SCREENER]),
    aListMessage('list taken back', 'eve@x.example', ['Feed', '@ToScreener', WHOLE_LIST], {
      recipients: [OLD_LIST],
      listPost: [`mailto:${OLD_LIST}`],
    }),
    aListMessage('of the list taken back', 'dan@y.example', ['Feed', 'My label'], { recipients: [OLD_LIST] }),
  ],
  contacts: [
    aContact('bob', { addresses: ['bob@shop.example'], formattedName: 'Bob' }),
    aContact(ownUidOf(DOMAIN), { addresses: [DOMAIN], note: 'Mailroom 2026-01-01: Feed', pristine: true }),
    aContact(ownUidOf(OLD_LIST), {
      addresses: [OLD_LIST],
      note: `Mailroom 2026-01-01: Feed <list:${OLD_LIST}>`,
      pristine: true,
    }),
  ],
  members: { 'Feed domains': [ownUidOf(DOMAIN)], 'Feed lists': [ownUidOf(OLD_LIST)] },
  book: { mayLeaveAll: [OLD_LIST] },
};

const PLACES = {
  'new domain': ['Feed'],
  'of the domain': ['Feed', 'My label'],
  'own verdict': ['Jail'],
  'own contact': ['Feed'],
  'look-alike': [SCREENER],
  'moved domain': ['Jail'],
  'of the moved domain': ['Jail'],
  'spam domain': [JUNK],
  'of the spam domain': [JUNK],
  'new list': ['Feed'],
  'of the list': ['Feed'],
  'of the list and the domain': ['Feed'],
  'list taken back': [SCREENER],
  'of the list taken back': ['My label', SCREENER],
};

/** Mail, the groups that have members, and the notes of contacts by their addresses. */
function outcomeOf(account: FakeAccount) {
  const { places, members, contacts } = contentOf(account);
  return {
    places,
    members: Object.fromEntries(Object.entries(members).filter(([, uids]) => uids.length > 0)),
    notes: Object.fromEntries(contacts.map(({ addresses, note }) => [addresses[0], note])),
  };
}

const AFTER = {
  places: PLACES,
  members: {
    Jail: [ownUidOf('ann@shop.example')],
    'Feed domains': [ownUidOf('*@shop.example')],
    'Jail domains': [ownUidOf(DOMAIN)],
    'Feed lists': [ownUidOf(LIST)],
  },
  notes: {
    'bob@shop.example': '',
    'ann@shop.example': 'Mailroom 2026-03-01: Jail',
    '*@shop.example': 'Mailroom 2026-03-01: Feed',
    [DOMAIN]: 'Mailroom 2026-01-01: Feed\nMailroom 2026-03-01: Feed → Jail',
    [LIST]: `Mailroom 2026-03-01: Feed <list:${LIST}>`,
  },
};

describe('verdicts on domains and lists', () => {
  it('file mail, and make, move and free contacts', async () => {
    const account = anAccount(SPEC);
    await cycleOn(account);
    expect(outcomeOf(account)).toEqual(AFTER);
    expect(account.mail.keywords).toMatchObject({ 'of the spam domain': { $junk: true } });
    const writes = account.journal.writes.length;
    await cycleOn(account);
    expect(account.journal.writes).toHaveLength(writes);
  });

  it('take the label and what says whose verdict it is off in the last write', async () => {
    const account = anAccount({ ...SPEC, messages: SPEC.messages.slice(0, 2), contacts: [], members: {} });
    await cycleOn(account);
    const own = ownUidOf('*@shop.example');
    expect(account.journal.writes).toEqual([
      `create ${own}`,
      `group Feed domains: +${own}`,
      `mail: of the domain +Feed -${SCREENER}`,
      `mail: new domain +Feed -${SCREENER} -@ToFeed -${WHOLE_DOMAIN}`,
    ]);
  });

  it.each(TROUBLES)('are finished by the next cycle after %s', async (_, troubleAt) => {
    for await (const { number, account } of afterTroubleAtEachWrite(SPEC, troubleAt)) {
      expect({ number, ...outcomeOf(account) }).toEqual({ number, ...AFTER });
    }
  });

  it('leave to stronger verdicts what is addressed to the list, be they on any contact', async () => {
    const account = anAccount({
      features: FEATURES,
      messages: [
        aListMessage('new list', 'eve@x.example', [SCREENER, '@ToFeed', WHOLE_LIST]),
        aListMessage('of a sender', 'gil@y.example', [SCREENER]),
        aListMessage('of a domain', 'hal@old.example', [SCREENER]),
        aListMessage('of nobody else', 'ida@y.example', [SCREENER]),
      ],
      contacts: [
        aContact('a', { addresses: ['gil@y.example', LIST] }),
        aContact('b', { addresses: ['gil@y.example'] }),
        aContact('c', { addresses: [DOMAIN] }),
      ],
      members: { Jail: ['b'], 'Jail domains': ['c'] },
    });
    await cycleOn(account);
    expect(account.mail.places).toEqual({
      'new list': ['Feed'],
      'of a sender': [SCREENER],
      'of a domain': [SCREENER],
      'of nobody else': ['Feed'],
    });
  });

  it('take mail of a sender whose own is taken back', async () => {
    const account = anAccount({
      ...SPEC,
      messages: [aMessage('1', 'ann@old.example', ['Jail', '@ToScreener']), aMessage('2', 'ann@old.example', ['Jail'])],
      contacts: [
        ...(SPEC.contacts ?? []),
        aContact('ann', { addresses: ['ann@old.example'], note: 'Mailroom 2026-01-01: Jail <ann@old.example>' }),
      ],
      members: { ...SPEC.members, Jail: ['ann'] },
      book: { mayLeaveAll: ['ann@old.example'] },
    });
    await cycleOn(account);
    expect(account.mail.places).toEqual({ 1: ['Feed'], 2: ['Feed'] });
  });

  it('keep a contact of which one is taken back while another one on its address is given', async () => {
    const posting = aMessage('as a sender', OLD_LIST, [SCREENER, '@ToJail']);
    const account = anAccount({ ...SPEC, messages: [...SPEC.messages, posting] });
    await cycleOn(account);
    const { members, notes } = outcomeOf(account);
    expect(notes[OLD_LIST]).toBe('Mailroom 2026-03-01: Jail');
    expect(members).toEqual({
      ...AFTER.members,
      Jail: [ownUidOf('ann@shop.example'), ownUidOf(OLD_LIST)].sort(),
    });
  });

  it.each([
    ['the domain’s own contact', '*@shop.example'],
    ['that of a sender there, whose verdict nobody sees', '@shop.example'],
  ])('on a domain wait where a card that cannot be read may be %s', async (_, mayBelongTo) => {
    const account = anAccount({ ...SPEC, messages: SPEC.messages.slice(0, 2), contacts: [], members: {} });
    const card = { href: 'https://dav.test/book/broken.vcf', reason: 'is no whole vCard', mayBelongTo: [mayBelongTo] };
    const log = recordingLog();
    const openBook = async () => ({ ...account.book.open(), unreadable: () => [card] });
    await expect(cycleOn(account, { log, openBook })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining('The contact of all of shop.example may be'),
    });
    expect(account.mail.places).toEqual({
      'new domain': [ERROR_LABEL, '@ToFeed', WHOLE_DOMAIN, SCREENER].sort(),
      'of the domain': ['My label', SCREENER],
    });
  });

  it('are the same by two cycles at once', async () => {
    const account = anAccount(SPEC);
    await Promise.all([cycleOn(account), cycleOn(account)]);
    expect(outcomeOf(account)).toEqual(AFTER);
  });

  it('are told one by one, with who falls under them', async () => {
    const log = recordingLog();
    await cycleOn(anAccount(SPEC), { log });
    const told = log.records.map(({ message, fields }) => ({ message, ...fields }));
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          message: 'Triaged',
          domain: 'shop.example',
          contactsUnder: 1,
          under: ['bob@shop.example'],
        }),
        expect.objectContaining({ message: 'Triaged', domain: 'old.example', from: 'Feed', category: 'Jail' }),
        expect.objectContaining({ message: 'Triaged', list: LIST, category: 'Feed', contact: 'created' }),
        expect.objectContaining({ message: 'Took the verdict back', list: OLD_LIST, contact: 'released' }),
        expect.objectContaining({ message: 'Moved to the junk mailbox as spam', domain: 'spam.example' }),
      ]),
    );
  });
});
