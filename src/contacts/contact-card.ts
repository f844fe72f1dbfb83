import { cleanText } from '../triage/card-text';
import type { Contact, ContactEdit } from '../triage/contact';
import { historyLines } from '../triage/history';
import { toBytes } from './bytes';
import { type Card, formattedNameOf, plainUid, propertiesOf, uidOf, withLines } from './card';
import { type ContentLine, makeLine, parameterOf } from './content-line';
import { addressIn } from './email-value';
import { isGroup } from './group-card';
import { isPristine } from './pristine';
import { cleanLines, escapeText, splitLines, unescapeText } from './text-value';

/** Null for a group, and for a card without UID: no group could name it as a member. */
export function toContact(card: Card, href: string): Contact | null {
  const uid = uidOf(card);
  if (uid === null || isGroup(card)) return null;
  return {
    href,
    uid: plainUid(uid),
    writtenUid: uid,
    formattedName: formattedNameOf(card),
    note: plainNotes(card)
      .map(({ value }) => unescapeText(value))
      .join('\n'),
    addresses: propertiesOf(card, 'EMAIL').map(({ value }) => addressIn(unescapeText(value))),
    pristine: isPristine(card),
  };
}

/** The card with the edit made; every line that it does not name is as it was. Undefined where it changes nothing. */
export function editContact(card: Card, edit: ContactEdit): Card | undefined {
  const replaced = new Map<ContentLine, ContentLine | null>();
  const added: ContentLine[] = [];
  editNotes(card, edit, replaced, added);
  editName(card, edit, replaced, added);
  return replaced.size + added.length === 0 ? undefined : withLines(card, { replaced, added });
}

function editNotes(
  card: Card,
  { addNoteLine, dropNoteLines = [] }: ContactEdit,
  replaced: Map<ContentLine, ContentLine | null>,
  added: ContentLine[],
): void {
  const notes = plainNotes(card);
  const target = notes.find(({ value }) => historyLines(unescapeText(value)).length > 0) ?? notes[0];
  const fresh = addNoteLine === undefined ? [] : [toBytes(escapeText(cleanLines(addNoteLine)))];
  if (target === undefined) added.push(...fresh.map((line) => makeLine('NOTE', line, card.lineEnd)));
  for (const note of notes) {
    // An empty NOTE is one empty line, which is there again when the lines below it are gone.
    const before = splitLines(note.value);
    const kept = before.filter((line) => !dropNoteLines.includes(unescapeText(line)));
    const after = note === target ? [...kept, ...fresh] : kept;
    if (kept.length === before.length && after.length === before.length) continue;
    replaced.set(note, after.length === 0 ? null : makeLine(note.prefix, after.join('\\n'), card.lineEnd));
  }
}

function editName(
  card: Card,
  { formattedName }: ContactEdit,
  replaced: Map<ContentLine, ContentLine | null>,
  added: ContentLine[],
): void {
  if (formattedName === undefined) return;
  const line = propertiesOf(card, 'FN')[0];
  if (formattedName === null) {
    if (line !== undefined) replaced.set(line, null);
  } else if (line === undefined) {
    added.push(makeLine('FN', toBytes(escapeText(cleanText(formattedName))), card.lineEnd));
  } else if (formattedNameOf(card) !== formattedName) {
    replaced.set(line, makeLine(line.prefix, toBytes(escapeText(cleanText(formattedName))), card.lineEnd));
  }
}

/** NOTE lines with plain text. One that is encoded, or is no text, is not for us to read or to change. */
function plainNotes(card: Card): readonly ContentLine[] {
  return propertiesOf(card, 'NOTE').filter(
    (line) =>
      parameterOf(line, 'ENCODING').length === 0 &&
      parameterOf(line, 'VALUE').every((value) => value === 'text') &&
      parameterOf(line, '').every((value) => value !== 'quoted-printable' && value !== 'base64'),
  );
}
