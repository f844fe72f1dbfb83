import fc from 'fast-check';
import { toBytes } from '../../../src/contacts/bytes';
import { cardBytes, propertiesOf, readCard } from '../../../src/contacts/card';
import { editContact, toContact } from '../../../src/contacts/contact-card';
import { makeLine, readLines } from '../../../src/contacts/content-line';
import { changeMembers, toGroup } from '../../../src/contacts/group-card';
import { newContactCard } from '../../../src/contacts/own-card';
import { unescapeText } from '../../../src/contacts/text-value';
import { cleanText } from '../../../src/triage/card-text';
import { historyLine, historyLines, readHistory } from '../../../src/triage/history';
import { isAddress } from '../../../src/triage/sender';
import { type Subject, subjectAt } from '../../../src/triage/subject';
import { card, contentLine, damaged, groupCard, line, text } from './arbitraries';
import { inputs, onlyMailroomErrors } from './holding';

const HREF = 'https://dav.test/book/card.vcf';

const day = fc.constantFrom('2026-01-01', '2026-12-31');
const categoryName = fc.constantFrom('Feed', 'Paper Trail', 'Jail (old)', 'Über');
const address = fc
  .tuple(
    fc.constantFrom('', '', ' ', 'mailto:', 'MAILTO:', '<', '"'),
    line,
    line,
    fc.constantFrom('', '', ' ', '>', '?'),
  )
  .map(
    ([before, local, domain, after]) =>
      `${before}${cleanText(local)}x@${cleanText(domain).replaceAll('@', '')}y${after}`,
  )
  .filter(isAddress);
const entry = fc.record({
  date: day,
  category: categoryName,
  from: fc.option(categoryName),
  subject: fc.option(
    fc.oneof(
      address.map(subjectAt),
      address.map((one): Subject => ({ kind: 'list', address: one })),
    ),
  ),
  name: fc.option(fc.record({ how: fc.constantFrom('filled', 'added'), name: line.map(cleanText) })),
});

describe('a content line', () => {
  it('of any text comes back byte for byte', () => {
    inputs('content lines', fc.array(contentLine), (lines) => {
      const bytes = toBytes(lines.join('\r\n'));
      expect(
        readLines(bytes)
          .map(({ raw }) => raw)
          .join(''),
      ).toBe(bytes);
    });
  });

  it('that is made is read as what it was made of, in lines of 75 octets', () => {
    inputs('content lines made', line, (value) => {
      const bytes = toBytes(value);
      const made = makeLine('NOTE', bytes, '\r\n');
      expect(readLines(made.raw)).toEqual([expect.objectContaining({ name: 'NOTE', value: bytes })]);
      for (const physical of made.raw.split('\r\n')) expect(physical.length).toBeLessThanOrEqual(75);
    });
  });
});

describe('a card', () => {
  it('that nobody changes comes back byte for byte', () => {
    inputs('cards', card, (vcard) => {
      expect(cardBytes(readCard(toBytes(vcard))).toString('utf8')).toBe(Buffer.from(vcard).toString('utf8'));
    });
  });

  it('that is damaged in any way is read, or is no card', () => {
    inputs('damaged cards', damaged(card), (vcard) => {
      onlyMailroomErrors(() => toContact(readCard(toBytes(vcard)), HREF));
    });
  });

  it('keeps every line when its note gains one, and is as before when that is taken out', () => {
    inputs('edited cards', fc.tuple(card, entry), ([vcard, verdict]) => {
      const before = readCard(toBytes(vcard));
      const added = historyLine(verdict);
      const edited = editContact(before, { addNoteLine: added });
      if (edited === undefined) throw new Error('Nothing was added');
      const others = (each: typeof before) => each.lines.filter(({ name }) => name !== 'NOTE').map(({ raw }) => raw);
      expect(others(edited)).toEqual(others(before));
      expect(historyLines(toContact(edited, HREF)?.note ?? '')).toContain(added);
      if (historyLines(toContact(before, HREF)?.note ?? '').length > 0) return;
      const restored = editContact(edited, { dropNoteLines: [added] });
      expect(meaning(restored ?? edited)).toEqual(meaning(before));
    });
  });

  it('gains a note of any text, and no other line, whatever line breaks are in it', () => {
    inputs('notes added', fc.tuple(card, text), ([vcard, addNoteLine]) => {
      const before = readCard(toBytes(vcard));
      const edited = editContact(before, { addNoteLine });
      if (edited === undefined) throw new Error('Nothing was added');
      const others = (each: typeof before) => each.lines.filter(({ name }) => name !== 'NOTE').map(({ raw }) => raw);
      expect(others(readCard(cardBytes(edited).toString('latin1')))).toEqual(others(before));
    });
  });

  it('of a group keeps every other line when members come and go', () => {
    inputs('group cards', fc.tuple(groupCard, fc.array(fc.uuid(), { maxLength: 3 })), ([vcard, uids]) => {
      const before = readCard(toBytes(vcard));
      const members = toGroup(before, HREF)?.members ?? [];
      const leave = members.slice(0, 2).filter((uid) => !uids.includes(uid));
      const after = changeMembers(before, { join: uids, leave }) ?? before;
      const others = (each: typeof before) =>
        each.lines.filter(({ name }) => !name.endsWith('MEMBER')).map(({ raw }) => raw);
      expect(others(after)).toEqual(others(before));
      const now = new Set(toGroup(after, HREF)?.members);
      expect(uids.every((uid) => now.has(uid))).toBe(true);
      expect(members.filter((uid) => !leave.includes(uid)).every((uid) => now.has(uid))).toBe(true);
      expect(leave.some((uid) => now.has(uid))).toBe(false);
    });
  });

  it('of Mailroom’s own says what it was made of, whatever that is, and nobody has touched it', () => {
    inputs(
      'own cards',
      fc.record({ name: text, email: address, note: entry.map(historyLine) }),
      ({ name, email, note }) => {
        const made = newContactCard({ uid: 'own', email, formattedName: `a${name}`, note, personName: null });
        const contact = toContact(readCard(made), HREF);
        expect(contact).toMatchObject({ uid: 'own', addresses: [email], pristine: true });
        expect(contact?.formattedName).toBe(cleanText(`a${name}`));
        expect(propertiesOf(readCard(made), 'EMAIL')).toHaveLength(1);
      },
    );
  });
});

describe('a line of history', () => {
  it('is read as what it was made of', () => {
    inputs('history lines', entry, (verdict) => {
      expect(readHistory(historyLine(verdict))).toEqual([verdict]);
    });
  });

  it('is found in any note, and nothing else is taken for one that does not begin as one', () => {
    inputs('notes', fc.tuple(text, entry, text), ([before, verdict, after]) => {
      const note = `${before}\n${historyLine(verdict)}\n${after}`;
      expect(historyLines(note)).toContain(historyLine(verdict));
      expect(historyLines(note).every((each) => each.startsWith('Mailroom '))).toBe(true);
    });
  });
});

/** What the lines say, however they are folded and escaped; an empty NOTE says nothing. */
function meaning(each: ReturnType<typeof readCard>): readonly string[] {
  return each.lines
    .map(({ prefix, value }) => `${prefix}:${unescapeText(value)}`)
    .filter((whole) => !/^NOTE[^:]*:$/.test(whole));
}
