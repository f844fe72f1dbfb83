import {
  FNProperty,
  NoteProperty,
  NProperty,
  OrgProperty,
  ProdidProperty,
  SpecialValueType,
  TextType,
  UIDProperty,
} from 'vcard4';
import { cleanText } from '../triage/card-text';
import type { NewContact } from '../triage/contact';
import { type ByteText, toBytes } from './bytes';
import { makeLine } from './content-line';
import { DIGEST, digest } from './pristine';
import { cleanLines, escapeText } from './text-value';

/** What of a property's vcard4 class is right for vCard 3.0; its own folding counts characters, not octets. */
interface Property {
  readonly value: string;
}

const CRLF = '\r\n';
const PRODUCT = '-//Mailroom//Mailroom//EN';

/** A contact as vCard 3.0 (RFC 2426). Whatever its texts hold, they stay data. */
export function newContactCard({ uid, email, formattedName, note, personName }: NewContact): ByteText {
  const name = cleanText(formattedName);
  const family = cleanText(personName?.family ?? '');
  const given = cleanText(personName?.given ?? '');
  const organisation = personName === null ? name : null;
  const facts = { uid: cleanText(uid), name, n: [family, given], organisation, emails: [cleanText(email)] };
  return vcard([
    ['UID', textIn(new UIDProperty([], new TextType(facts.uid)))],
    ['FN', textIn(new FNProperty([], new TextType(name)))],
    ['N', structuredName(family, given)],
    ...(organisation === null
      ? []
      : ([['ORG', textIn(new OrgProperty([], new SpecialValueType('OrgProperty', [new TextType(name)])))]] as const)),
    // vcard4 knows the types of vCard 4.0 alone.
    ['EMAIL;TYPE=INTERNET', escapeText(cleanText(email))],
    ['NOTE', textIn(new NoteProperty([], new TextType(cleanLines(note))))],
    [DIGEST, digest(facts)],
  ]);
}

/** An empty group in Apple's form for vCard 3.0. */
export function newGroupCard(uid: string, name: string): ByteText {
  const clean = cleanText(name);
  return vcard([
    ['UID', textIn(new UIDProperty([], new TextType(uid)))],
    ['FN', textIn(new FNProperty([], new TextType(clean)))],
    ['N', structuredName(clean, '')],
    ['X-ADDRESSBOOKSERVER-KIND', 'group'],
  ]);
}

function structuredName(family: string, given: string): string {
  const parts = [family, given, '', '', ''].map((part) => (part === '' ? undefined : new TextType(part)));
  return textIn(new NProperty([], new SpecialValueType('NProperty', parts)));
}

/** vcard4 also escapes colons, which no vCard version asks for and some readers show. */
function textIn({ value }: Property): string {
  return value.replace(/\\(.)/gs, (escaped, character: string) => (character === ':' ? ':' : escaped));
}

function vcard(properties: readonly (readonly [prefix: string, value: string])[]): ByteText {
  const product = textIn(new ProdidProperty([], new TextType(PRODUCT)));
  return [['BEGIN', 'VCARD'] as const, ['VERSION', '3.0'] as const, ['PRODID', product] as const, ...properties]
    .concat([['END', 'VCARD']])
    .map(([prefix, value]) => makeLine(toBytes(prefix), toBytes(value), CRLF).raw)
    .join('');
}
