import { freeContact } from '../../src/cycle/apply-releases';
import { aContact } from '../support/builders';
import { FakeAddressBook } from '../support/fake-address-book';

const OWN = aContact('own', { note: 'Mailroom 2026-01-01: Feed' });

describe('a contact that loses its verdict', () => {
  it.each([
    ['is deleted where it may go', [OWN], true, 'deleted', []],
    ['counts as deleted where it is gone', [], true, 'deleted', []],
    ['is edited where it may not go as it is now', [OWN], false, 'kept', ['mine']],
    ['is edited where none may go', [OWN], null, 'kept', ['mine']],
  ])('%s', async (_, contacts, mayGo, end, notes) => {
    const book = new FakeAddressBook({ contacts, groups: [] });
    const isToGo = mayGo === null ? null : () => mayGo;
    const edit = () => ({ addNoteLine: 'mine', dropNoteLines: [OWN.note], formattedName: undefined });
    await expect(freeContact(OWN, isToGo, edit, book.open())).resolves.toBe(end);
    expect(book.contacts.map(({ note }) => note)).toEqual(notes);
  });
});
