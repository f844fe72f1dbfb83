import type { MessageChange } from '../../src/triage/message';
import { revise } from '../../src/triage/revision';

const FILING: MessageChange = { id: '1', add: ['Feed'], remove: ['Screener'], whileIn: ['Screener'] };
const LABELLED: MessageChange = { ...FILING, remove: ['Screener', '@ToFeed'] };
const LABEL_ALONE: MessageChange = { ...FILING, remove: ['@ToFeed'], whileIn: ['@ToFeed'] };
const CHAIN: MessageChange = { id: '1', add: ['News'], remove: [], whileIn: ['Feed'] };
const LEAVING: MessageChange = { id: '1', add: [], remove: ['Screener'], whileIn: ['Screener', 'Feed'] };
const ERROR: MessageChange = { id: '1', add: ['@Error'], remove: [], whileIn: ['@ToFeed', '@ToJail'] };
const BACK: MessageChange = { id: '1', add: ['Screener'], remove: ['Feed', '@Warning'], whileIn: ['Feed'] };

/** Where the message is when what still holds has been written. */
function placesAfter(planned: MessageChange, now: readonly string[]) {
  const { change, moved } = revise(planned, now);
  expect(change.add.filter((id) => now.includes(id))).toEqual([]);
  expect(change.remove.filter((id) => !now.includes(id))).toEqual([]);
  const places = [...now.filter((id) => !change.remove.includes(id)), ...change.add];
  expect(places).not.toEqual([]);
  return [places.sort(), moved];
}

describe('a planned change, for a message as it is now', () => {
  it.each<[string, MessageChange, readonly string[], readonly string[]]>([
    ['where nothing has changed', FILING, ['Screener'], ['Feed']],
    ['with a label that the user has added', FILING, ['Screener', 'Travel'], ['Feed', 'Travel']],
    ['where the user has filed it there too', FILING, ['Screener', 'Feed'], ['Feed']],
    ['where the user has filed it himself', FILING, ['Feed'], ['Feed']],
    ['with another triage label, which stays', LABELLED, ['Screener', '@ToFeed', '@ToJail'], ['@ToJail', 'Feed']],
    ['where the triage label is off, but not the Screener', LABELLED, ['Screener'], ['Feed']],
    ['where it was moved into its triage label', LABELLED, ['@ToFeed'], ['Feed']],
    ['where its label is all that it was filed from', LABEL_ALONE, ['@ToFeed', 'Archive'], ['Archive', 'Feed']],
    ['of a chain', CHAIN, ['Feed', 'Travel'], ['Feed', 'News', 'Travel']],
    ['that was in its destination already', LEAVING, ['Screener', 'Feed'], ['Feed']],
    ['that only gets the error label', ERROR, ['Screener', '@ToFeed'], ['@Error', '@ToFeed', 'Screener']],
    ['that goes back', BACK, ['Feed', '@Warning', 'Travel'], ['Screener', 'Travel']],
    ['that somebody has sent back', BACK, ['Screener'], ['Screener']],
  ])('holds %s: %#', (_, planned, now, expected) => {
    expect(placesAfter(planned, now)).toEqual([expected, false]);
  });

  it.each<[string, MessageChange, readonly string[], readonly string[]]>([
    ['the trash', FILING, ['Trash'], ['Trash']],
    ['the archive, with a label', FILING, ['Archive', 'Travel'], ['Archive', 'Travel']],
    ['another managed mailbox', FILING, ['Jail'], ['Jail']],
    ['the trash, with its triage label, which comes off', LABELLED, ['Trash', '@ToFeed'], ['Trash']],
    ['the Screener, out of its triage label', LABEL_ALONE, ['Screener'], ['Screener']],
    ['the trash, out of a chain', CHAIN, ['Trash'], ['Trash']],
    ['the trash, before it gets the error label', ERROR, ['Trash'], ['Trash']],
    ['the trash, with a warning label, which comes off', BACK, ['Trash', '@Warning'], ['Trash']],
  ])('leaves it where the user has put it: %s', (_, planned, now, expected) => {
    expect(placesAfter(planned, now)).toEqual([expected, true]);
  });

  it('marks no message that the user has put elsewhere', () => {
    const spam: MessageChange = { ...FILING, add: ['Junk'], keywords: { $junk: true } };
    expect(revise(spam, ['Screener']).change).toEqual(spam);
    expect(revise(spam, ['Inbox']).change).toEqual({ id: '1', add: [], remove: [], whileIn: ['Screener'] });
  });

  it('takes no message out of its last mailbox', () => {
    expect(placesAfter(LEAVING, ['Screener'])).toEqual([['Screener'], true]);
  });
});
