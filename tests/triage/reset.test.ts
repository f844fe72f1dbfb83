import type { Contact } from '../../src/triage/contact';
import type { Message } from '../../src/triage/message';
import {
  type ContactFate,
  fateOf,
  isDisposable,
  type ResetPlaces,
  sendBack,
  takeBack,
  triagedBy,
  untakeable,
} from '../../src/triage/reset';
import { domainSubject, type Subject, senderSubject } from '../../src/triage/subject';
import {
  aCategory,
  aContact,
  aGroup,
  aMessage,
  DEFAULTS,
  ERROR_LABEL,
  INBOX,
  ownUidOf,
  SCREENER,
  WARNING_LABEL,
} from '../support/builders';

const ADDRESS = 'shop@example.com';
const LINE = 'Mailroom 2026-03-01: Feed';
const NAMED = `${LINE} <${ADDRESS}>`;

const ownUids = (sender: string): readonly string[] => [ownUidOf(sender), `second-${sender}`];

const OWN = aContact(ownUidOf(ADDRESS), { note: LINE, pristine: true });

const PLACES: ResetPlaces = {
  screener: SCREENER,
  inbox: INBOX,
  managed: new Set(DEFAULTS.map(({ mailbox }) => mailbox)),
  systemLabels: new Set([ERROR_LABEL, WARNING_LABEL]),
};

describe('whose mail Mailroom has filed', () => {
  it.each<[string, Contact, readonly string[], readonly string[]]>([
    ["Mailroom's own contact, by its UID", OWN, [ADDRESS], ['other@example.com']],
    ['its own contact under a later UID', aContact(`second-${ADDRESS}`, { note: LINE }), [ADDRESS], []],
    [
      'its own contact with another address that the user added: that one has no verdict',
      { ...OWN, addresses: [ADDRESS, 'added@example.com'] },
      [ADDRESS],
      ['added@example.com'],
    ],
    ['its own contact whose address the user has changed', { ...OWN, addresses: ['new@example.com'] }, [ADDRESS], []],
    [
      "the user's contact: the address that was judged, and no other",
      aContact('u', { note: `Ann\n${NAMED}`, addresses: ['SHOP@example.com', 'private@example.com'] }),
      [ADDRESS],
      ['private@example.com'],
    ],
    [
      "the user's contact, when the judged address is not on it any more",
      aContact('u', { note: NAMED, addresses: ['private@example.com'] }),
      [ADDRESS],
      ['private@example.com'],
    ],
    [
      'a contact that was merged with one of Mailroom: all of its addresses',
      aContact('u', { note: LINE, addresses: [ADDRESS, 'private@example.com'] }),
      [ADDRESS, 'private@example.com'],
      [],
    ],
    ["the user's contact without history", aContact('u', { note: 'Mailroom is great' }), [], [ADDRESS]],
    ["Mailroom's own contact whose history the user has taken out", { ...OWN, note: '' }, [], [ADDRESS]],
  ])('is told by %s', (_, contact, triaged, others) => {
    const by = triagedBy([contact], ownUids);
    for (const sender of triaged) expect([sender, by(senderSubject(sender))]).toEqual([sender, [contact]]);
    for (const sender of others) expect([sender, by(senderSubject(sender))]).toEqual([sender, []]);
  });

  it('is told of senders, domains and lists apart', () => {
    const list: Subject = { kind: 'list', address: ADDRESS };
    const onList = { ...OWN, note: `${LINE} <list:${ADDRESS}>` };
    expect(triagedBy([onList], ownUids)(list)).toEqual([onList]);
    expect(triagedBy([onList], ownUids)(senderSubject(ADDRESS))).toEqual([]);
    expect(triagedBy([OWN], ownUids)(list)).toEqual([]);
    const domain = domainSubject(ADDRESS);
    const [ownUid = ''] = ownUids(domain.address);
    const onDomain = aContact(ownUid, { note: LINE, addresses: ['*@EXAMPLE.com'] });
    expect(triagedBy([onDomain], ownUids)(domain)).toEqual([onDomain]);
    expect(triagedBy([onDomain], ownUids)(senderSubject(ADDRESS))).toEqual([]);
    const adopted = aContact('u', { note: `${LINE} <${domain.address}>`, addresses: [ADDRESS, domain.address] });
    expect(triagedBy([adopted], ownUids)(domain)).toEqual([adopted]);
    expect(triagedBy([adopted], ownUids)(senderSubject(ADDRESS))).toEqual([]);
  });

  it('is told by all contacts that say so', () => {
    const second = aContact('u', { note: NAMED });
    expect(triagedBy([OWN, second], ownUids)(senderSubject(ADDRESS))).toEqual([second, OWN]);
  });
});

describe('the way back of a message', () => {
  const back = (mailboxIds: readonly string[], contacts: readonly Contact[] = [OWN], categories = DEFAULTS) => {
    const message: Message = aMessage('m', ADDRESS, mailboxIds);
    const change = sendBack(message, { places: PLACES, categories, contacts });
    if (change === null) return null;
    expect(change.remove.every((id) => mailboxIds.includes(id))).toBe(true);
    expect(change.add.some((id) => mailboxIds.includes(id))).toBe(false);
    return [...mailboxIds.filter((id) => !change.remove.includes(id)), ...change.add];
  };

  it.each<[string, readonly string[], readonly string[] | null]>([
    ['out of a managed mailbox into the Screener', ['Feed'], [SCREENER]],
    ['out of the Inbox into the Screener', [INBOX], [SCREENER]],
    ['out of all managed mailboxes', ['Feed', 'Jail', INBOX], [SCREENER]],
    ['keeping the labels of the user', ['Feed', 'Holidays'], ['Holidays', SCREENER]],
    ['keeping a triage label, which is the wish of the user', ['Feed', '@ToJail'], ['@ToJail', SCREENER]],
    ['out of the managed mailbox where it is in the Screener as well', ['Feed', SCREENER], [SCREENER]],
    ['out of the system labels', [SCREENER, ERROR_LABEL, WARNING_LABEL], [SCREENER]],
    ['out of the warning label and the managed mailbox', ['Feed', WARNING_LABEL], [SCREENER]],
    ['into the Screener where a system label was its only mailbox', [ERROR_LABEL], [SCREENER]],
    ['with nothing to do in the Screener', [SCREENER], null],
    ['with nothing to do elsewhere', ['Archive', 'Holidays'], null],
    ['out of the error label alone, elsewhere', ['Archive', ERROR_LABEL], ['Archive']],
  ])('goes %s', (_, from, to) => {
    expect(back(from)).toEqual(to);
  });

  it.each<[string, readonly string[], readonly string[] | null]>([
    ['the Inbox', [INBOX], null],
    ['a managed mailbox', ['Feed', 'Holidays'], null],
    ['the Inbox, but for a system label', [INBOX, WARNING_LABEL], [INBOX]],
    ['nothing else than a system label, which leaves the Screener', [ERROR_LABEL], [SCREENER]],
  ])('leaves mail of a sender that was never triaged in %s', (_, from, to) => {
    expect(back(from, [])).toEqual(to);
  });

  describe('where a category puts copies into the Inbox', () => {
    const places = { ...PLACES, managed: new Set(['Feed', 'VIP']) };
    const categories = [aCategory('Feed'), aCategory('VIP', { addToInbox: true })];
    const way = (mailboxIds: readonly string[], note: string) =>
      sendBack(aMessage('m', ADDRESS, mailboxIds), { places, categories, contacts: [{ ...OWN, note }] });

    it.each([
      ['takes the copy out', ['VIP', INBOX], 'Mailroom 2026-03-01: VIP', ['VIP', INBOX]],
      [
        'takes the copy out that a later verdict has left',
        ['Feed', INBOX],
        'Mailroom 2026-03-01: VIP\nMailroom 2026-03-02: VIP → Feed',
        ['Feed', INBOX],
      ],
      ['leaves the Inbox alone where no verdict put copies there', ['Feed', INBOX], LINE, ['Feed']],
    ])('%s', (_, mailboxIds, note, removed) => {
      const managed = mailboxIds.filter((id) => id !== INBOX);
      expect(way(mailboxIds, note)).toEqual({ id: 'm', add: [SCREENER], remove: removed, whileIn: managed });
    });

    it('keeps the labels of the user, and takes the copy out whichever of two contacts says so', () => {
      const message = aMessage('m', ADDRESS, ['Feed', INBOX, 'Holidays', SCREENER]);
      const contacts = [OWN, aContact('u', { note: 'Mailroom 2026-03-01: VIP <shop@example.com>' })];
      expect(sendBack(message, { places, categories, contacts })).toEqual({
        id: 'm',
        add: [],
        remove: ['Feed', INBOX],
        whileIn: ['Feed'],
      });
    });

    it('leaves what is in the Inbox alone', () => {
      expect(way([INBOX], 'Mailroom 2026-03-01: VIP')).toBeNull();
    });
  });
});

describe('the fate of a contact', () => {
  const family = aGroup('Family', [OWN.uid]);

  it.each<[string, Contact, ContactFate]>([
    ['as Mailroom made it', OWN, 'delete'],
    ['whose note has blank lines beside history', { ...OWN, note: `\n${LINE}\n` }, 'delete'],
    ['with a line of the user in its note', { ...OWN, note: `nice\n${LINE}` }, 'keep changed'],
    ['that somebody has changed', { ...OWN, pristine: false }, 'keep changed'],
    [
      'whose address somebody has changed to another',
      { ...OWN, pristine: false, addresses: ['x@y.example'] },
      'keep changed',
    ],
    ['made for a list, and changed', { ...OWN, note: `${LINE} <list:${ADDRESS}>`, pristine: false }, 'keep changed'],
    ["of the user's own", aContact('u', { note: NAMED }), 'keep own'],
  ])('%s', (_, contact, fate) => {
    expect(fateOf(contact, [], ownUids)).toBe(fate);
  });

  it("keeps what the user has put into a group of the user's own", () => {
    expect(fateOf(OWN, [family], ownUids)).toBe('keep changed');
    expect(fateOf(OWN, [aGroup('Family', ['somebody'])], ownUids)).toBe('delete');
  });

  it('is not deletion where the note says more than history', () => {
    expect(isDisposable(OWN)).toBe(true);
    expect(isDisposable({ ...OWN, note: `${LINE}\nand more` })).toBe(false);
    expect(isDisposable({ ...OWN, pristine: false })).toBe(false);
  });
});

describe("taking Mailroom's lines off a contact", () => {
  const filled = `${NAMED} (name filled: Ann)`;
  const added = `${NAMED} (name added: Ann)`;

  it.each<[string, Partial<Contact>, ReturnType<typeof takeBack>]>([
    ['without any changes nothing', { note: 'Ann' }, undefined],
    [
      'takes all of them and no other',
      { note: `before\n${NAMED}\nbetween\n${LINE}\nafter` },
      { dropNoteLines: [NAMED, LINE], formattedName: undefined },
    ],
    [
      'empties a name that it filled',
      { note: filled, formattedName: 'Ann' },
      { dropNoteLines: [filled], formattedName: '' },
    ],
    [
      'removes a name that it added',
      { note: added, formattedName: 'Ann' },
      { dropNoteLines: [added], formattedName: null },
    ],
    [
      'keeps a name that the user has changed since',
      { note: filled, formattedName: 'Anna' },
      { dropNoteLines: [filled], formattedName: undefined },
    ],
  ])('%s', (_, fields, edit) => {
    expect(takeBack(aContact('u', fields))).toEqual(edit);
  });
});

describe('what stays whatever is done', () => {
  it.each<[string, Partial<Contact>, ReturnType<typeof untakeable>]>([
    ['nothing of what is known', { note: NAMED }, { verdicts: [], name: false }],
    ['a name that is as Mailroom gave it', { note: `${NAMED} (name filled: Shop)` }, { verdicts: [], name: false }],
    [
      'verdicts that the settings do not know, each once',
      { note: `${LINE}\nMailroom 2026-03-02: Feed → Old\nMailroom 2026-03-03: Old` },
      { verdicts: ['Old'], name: false },
    ],
    ['another name than the given one', { note: `${NAMED} (name filled: Other)` }, { verdicts: [], name: true }],
    [
      'the given one of several names',
      { note: `${NAMED} (name filled: Other)\n${NAMED} (name added: Shop)` },
      { verdicts: [], name: false },
    ],
  ])('%s', (_, fields, expected) => {
    expect(untakeable(aContact('u', fields), DEFAULTS)).toEqual(expected);
  });
});
