import type { Contact } from '../../src/triage/contact';
import { releaseEdit, releasesOf } from '../../src/triage/release';
import { type Subject, senderSubject } from '../../src/triage/subject';
import { aContact, aGroup, ownUidOf } from '../support/builders';

const SENDER = 'shop@example.com';
const OTHER = 'other@example.com';
const OWN = ownUidOf(SENDER);
const LINE = 'Mailroom 2026-03-01: Feed';
const FACTS = { subject: senderSubject(SENDER), ownUid: OWN, userGroups: [aGroup('Friends', ['friend'])] };

describe('a contact whose sender has no verdict any more', () => {
  it.each<[string, Contact, 'goes' | readonly string[] | 'stays']>([
    ['made by Mailroom and unchanged', aContact(OWN, { note: LINE, pristine: true }), 'goes'],
    ['made by Mailroom and changed', aContact(OWN, { note: `mine\n${LINE}` }), [LINE]],
    ['made by Mailroom, with a note of the user', aContact(OWN, { note: `mine\n${LINE}`, pristine: true }), [LINE]],
    [
      'made by Mailroom, in a group of the user',
      aContact('friend', { note: LINE, pristine: true, addresses: [SENDER] }),
      [LINE],
    ],
    ["the user's own", aContact('u', { note: `mine\n${LINE} <${SENDER}>` }), [`${LINE} <${SENDER}>`]],
    ["the user's own without history", aContact('u', { note: 'mine' }), 'stays'],
    [
      'judged under another address too',
      aContact('u', { note: `${LINE} <${OTHER}>\n${LINE} <${SENDER}>`, addresses: [SENDER, OTHER] }),
      [`${LINE} <${SENDER}>`],
    ],
    [
      'judged under another address alone',
      aContact('u', { note: `${LINE} <${OTHER}>`, addresses: [SENDER, OTHER] }),
      'stays',
    ],
    [
      "made for another sender, with this one's address since",
      aContact(ownUidOf(OTHER), { note: `${LINE}\n${LINE} <${SENDER}>`, addresses: [SENDER, OTHER] }),
      [`${LINE} <${SENDER}>`],
    ],
  ])('%s', (_, contact, fate) => {
    const [release] = releasesOf([contact], FACTS);
    expect(release?.deletable).toBe(fate === 'stays' ? undefined : fate === 'goes');
    if (Array.isArray(fate)) expect(releaseEdit(contact, FACTS)?.dropNoteLines).toEqual(fate);
  });

  it('keeps what another verdict on the same address needs', () => {
    const list: Subject = { kind: 'list', address: SENDER };
    const both = aContact(OWN, { note: `${LINE}\n${LINE} <list:${SENDER}>`, pristine: true, addresses: [SENDER] });
    const [asSender, asList] = [FACTS, { ...FACTS, subject: list }].map((facts) => ({
      deletable: releasesOf([both], facts).map(({ deletable }) => deletable),
      edit: releaseEdit(both, facts)?.dropNoteLines,
    }));
    expect(asSender).toEqual({ deletable: [false], edit: [LINE] });
    expect(asList).toEqual({ deletable: [false], edit: [`${LINE} <list:${SENDER}>`] });
    const alone = aContact(OWN, { note: `${LINE} <list:${SENDER}>`, pristine: true, addresses: [SENDER] });
    expect(releasesOf([alone], { ...FACTS, subject: list })).toEqual([{ contact: alone, deletable: true }]);
    expect(releasesOf([alone], FACTS)).toEqual([]);
  });

  it('loses a name that its verdict gave, and no other', () => {
    const note = `${LINE} <${SENDER}> (name filled: Shop)`;
    expect(releaseEdit(aContact('u', { note }), FACTS)).toEqual({ dropNoteLines: [note], formattedName: '' });
    expect(releaseEdit(aContact('u', { note, formattedName: 'Mine' }), FACTS)?.formattedName).toBeUndefined();
    const others = `${LINE} <${OTHER}> (name filled: Shop)\n${LINE} <${SENDER}>`;
    expect(releaseEdit(aContact('u', { note: others }), FACTS)?.formattedName).toBeUndefined();
  });
});
