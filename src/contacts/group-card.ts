import { cleanText } from '../triage/card-text';
import type { Group, GroupChange, GroupSummary } from '../triage/contact';
import { toBytes } from './bytes';
import { type Card, formattedNameOf, plainUid, propertiesOf, uidOf, withLines } from './card';
import { type ContentLine, makeLine } from './content-line';
import { escapeText, unescapeText } from './text-value';

/** vCard 4.0 (RFC 6350, sections 6.1.4 and 6.6.5), and Apple's form of it for vCard 3.0. */
const KINDS = ['KIND', 'X-ADDRESSBOOKSERVER-KIND'];
const MEMBERS = ['MEMBER', 'X-ADDRESSBOOKSERVER-MEMBER'];

export function isGroup(card: Card): boolean {
  return kindOf(card) !== undefined;
}

/** Null for a contact, and for a group without UID. */
export function toGroupSummary(card: Card, href: string): GroupSummary | null {
  const uid = uidOf(card);
  return uid === null || !isGroup(card) ? null : { href, uid: plainUid(uid), name: formattedNameOf(card) ?? '' };
}

/** Null as for {@link toGroupSummary}. */
export function toGroup(card: Card, href: string): Group | null {
  const summary = toGroupSummary(card, href);
  return summary && { ...summary, members: propertiesOf(card, ...MEMBERS).map(memberOf) };
}

/** The group with the change made, in the form that its own kind has; undefined where there is nothing to change. Who joins and leaves, stays. */
export function changeMembers(card: Card, { join, leave }: GroupChange): Card | undefined {
  const lines = propertiesOf(card, ...MEMBERS);
  const present = new Set(lines.map(memberOf));
  const joining = new Set(join.map(plainUid));
  const leaving = new Set(leave.map(plainUid).filter((uid) => !joining.has(uid)));
  const gone = lines.filter((line) => leaving.has(memberOf(line)));
  const fresh = [...joining].filter((uid) => !present.has(uid));
  if (gone.length + fresh.length === 0) return undefined;
  const isApple = kindOf(card)?.name === 'X-ADDRESSBOOKSERVER-KIND';
  return withLines(card, {
    replaced: new Map(gone.map((line) => [line, null])),
    added: fresh.map((uid) =>
      isApple
        ? makeLine('X-ADDRESSBOOKSERVER-MEMBER', toBytes(escapeText(`urn:uuid:${cleanText(uid)}`)), card.lineEnd)
        : makeLine('MEMBER', toBytes(`urn:uuid:${cleanText(uid)}`), card.lineEnd),
    ),
    behind: lines.at(-1),
  });
}

function kindOf(card: Card): ContentLine | undefined {
  return propertiesOf(card, ...KINDS).find(({ value }) => value.trim().toLowerCase() === 'group');
}

function memberOf(line: ContentLine): string {
  return plainUid(unescapeText(line.value));
}
