import { cleanText } from '../triage/card-text';
import type { Group, GroupChange, GroupSummary } from '../triage/contact';
import { type ByteText, toBytes } from './bytes';
import { type Card, formattedNameOf, plainUid, propertiesOf, uidOf, withLines } from './card';
import { type ContentLine, makeLine } from './content-line';
import { escapeText, unescapeText } from './text-value';

/** vCard 4.0 (RFC 6350, sections 6.1.4 and 6.6.5), and Apple's form of it for vCard 3.0. */
const KINDS = ['KIND', 'X-ADDRESSBOOKSERVER-KIND'];
/** What the server's rules want before a member's UID, as its card has it (`docs/design.md`). */
const PREFIX = 'urn:uuid:';
const MEMBERS = ['MEMBER', 'X-ADDRESSBOOKSERVER-MEMBER'];

export function isGroup(card: Card): boolean {
  return kindOf(card) !== undefined;
}

/** Null for a contact, and for a group without UID. */
export function toGroupSummary(card: Card, href: string): GroupSummary | null {
  const uid = uidOf(card);
  return uid === null || !isGroup(card) ? null : { href, uid, name: (formattedNameOf(card) ?? '').normalize('NFC') };
}

/** Null as for {@link toGroupSummary}. */
export function toGroup(card: Card, href: string): Group | null {
  const summary = toGroupSummary(card, href);
  if (summary === null) return null;
  const values = propertiesOf(card, ...MEMBERS).map(memberIn);
  return {
    ...summary,
    members: values.map(plainUid),
    writtenMembers: values.flatMap((value) => (value.startsWith(PREFIX) ? value.slice(PREFIX.length) : [])),
  };
}

/**
 * The group with the change made, in the form that its own kind has; undefined where there is nothing to change. Who joins
 * and leaves, stays. Who joins, and is a member in another spelling, gets the right one in its place.
 */
export function changeMembers(card: Card, { join, leave }: GroupChange): Card | undefined {
  const lines = propertiesOf(card, ...MEMBERS);
  const written = new Set(lines.map(memberIn));
  const wanted = new Set(join.map((uid) => PREFIX + cleanText(uid)));
  const joining = new Set(join.map(plainUid));
  const leaving = new Set(leave.map(plainUid).filter((uid) => !joining.has(uid)));
  const missing = new Set([...wanted].filter((value) => !written.has(value)));
  const replaced = new Map<ContentLine, ContentLine | null>();
  for (const line of lines) {
    const value = memberIn(line);
    const uid = plainUid(value);
    if (leaving.has(uid)) replaced.set(line, null);
    if (wanted.has(value)) continue;
    const right = [...missing].find((each) => plainUid(each) === uid);
    if (right === undefined) continue;
    replaced.set(line, memberLine(line.prefix, right, card));
    missing.delete(right);
  }
  const isApple = kindOf(card)?.name === 'X-ADDRESSBOOKSERVER-KIND';
  const added = [...missing].map((value) => memberLine(isApple ? 'X-ADDRESSBOOKSERVER-MEMBER' : 'MEMBER', value, card));
  return replaced.size + added.length === 0 ? undefined : withLines(card, { replaced, added, behind: lines.at(-1) });
}

/** A URI in vCard 4.0 (RFC 6350, section 6.6.5), a text in Apple's form. */
function memberLine(prefix: ByteText, value: string, { lineEnd }: Card): ContentLine {
  const isText = /X-ADDRESSBOOKSERVER-MEMBER/i.test(prefix);
  return makeLine(prefix, toBytes(isText ? escapeText(value) : value), lineEnd);
}

function kindOf(card: Card): ContentLine | undefined {
  return propertiesOf(card, ...KINDS).find(({ value }) => value.trim().toLowerCase() === 'group');
}

function memberIn(line: ContentLine): string {
  return unescapeText(line.value).trim();
}
