import { type HistoryEntry, historyLine, historyLines, readHistory } from '../../src/triage/history';

const FIRST: HistoryEntry = { date: '2026-03-01', category: 'Feed', from: null, sender: null, name: null };

describe('a line of history', () => {
  it.each<[string, Partial<HistoryEntry>, string]>([
    ['the first verdict', {}, 'Mailroom 2026-03-01: Feed'],
    ['a change', { from: 'Imbox' }, 'Mailroom 2026-03-01: Imbox → Feed'],
    ['whose verdict it is', { sender: 'ann@example.com' }, 'Mailroom 2026-03-01: Feed <ann@example.com>'],
    ['an odd address', { sender: 'a>b <c> "x"@example.com' }, 'Mailroom 2026-03-01: Feed <a>b <c> "x"@example.com>'],
    ['an empty name filled', { name: { how: 'filled', name: 'Ann' } }, 'Mailroom 2026-03-01: Feed (name filled: Ann)'],
    ['a missing name added', { name: { how: 'added', name: 'Ann' } }, 'Mailroom 2026-03-01: Feed (name added: Ann)'],
    [
      'a name in brackets',
      { name: { how: 'added', name: 'Ann (work) <ann@x>' } },
      'Mailroom 2026-03-01: Feed (name added: Ann (work) <ann@x>)',
    ],
    [
      'everything',
      {
        from: 'Paper Trail',
        category: 'My Own',
        sender: 'ann@example.com',
        name: { how: 'filled', name: 'ann@example.com' },
      },
      'Mailroom 2026-03-01: Paper Trail → My Own <ann@example.com> (name filled: ann@example.com)',
    ],
    ['a category with a colon', { category: 'A: B' }, 'Mailroom 2026-03-01: A: B'],
    ['a category in brackets', { category: 'Feed (new)' }, 'Mailroom 2026-03-01: Feed (new)'],
    [
      'an address with a line separator of Unicode',
      { sender: 'a\u2028b@example.com' },
      'Mailroom 2026-03-01: Feed <a\u2028b@example.com>',
    ],
  ])('says %s and is read back', (_, fields, line) => {
    expect(historyLine({ ...FIRST, ...fields })).toBe(line);
    expect(readHistory(line)).toEqual([{ ...FIRST, ...fields }]);
  });

  it.each([
    ['an empty note', ''],
    ['what the user wrote', 'Met at the fair'],
    ['a line that only mentions Mailroom', 'Mailroom put this here'],
    ['a line without a day', 'Mailroom: Feed'],
    ['a line that quotes one', '> Mailroom 2026-03-01: Feed'],
  ])('is not found in %s', (_, note) => {
    expect(readHistory(note)).toEqual([]);
    expect(historyLines(note)).toEqual([]);
  });

  it('is found between the lines of the user, oldest first', () => {
    const note = 'Met at the fair\nMailroom 2026-03-01: Feed\n\nowes me 5\nMailroom 2026-04-01: Feed → Jail\n';
    expect(readHistory(note).map(({ date, category }) => [date, category])).toEqual([
      ['2026-03-01', 'Feed'],
      ['2026-04-01', 'Jail'],
    ]);
    expect(historyLines(note)).toEqual(['Mailroom 2026-03-01: Feed', 'Mailroom 2026-04-01: Feed → Jail']);
  });
});
