import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fastmailRules, fastmailSteps, type RuleFacts, ruleNames } from '../../../src/commands/setup/fastmail-rules';
import { modifiedUtf7 } from '../../../src/commands/setup/modified-utf7';
import { sieveScript } from '../../../src/commands/setup/sieve-script';
import type { Category } from '../../../src/triage/category';
import { holds, rulesFor } from '../../../src/triage/routes';
import { groupOf, SUBJECT_KINDS, type SubjectKind } from '../../../src/triage/subject';
import { aCategory, DEFAULTS, FEED, IMBOX } from '../../support/builders';
import { matches } from '../../support/fastmail-rules';
import { seededRandom } from '../../support/seeded-random';

const NOW = new Date('2026-03-01T10:00:00.987Z');

const CHAIN: readonly Category[] = [
  IMBOX,
  FEED,
  aCategory('VIP Feed', { parent: 'Feed', addToInbox: true }),
  aCategory('Quiet', { parent: 'VIP Feed' }),
];

/** Work shares the group of senders with its parent, News those of domains and lists, and both file elsewhere. */
const SHARED: readonly Category[] = [
  IMBOX,
  aCategory('Work', { parent: 'Imbox', group: 'Imbox', domainGroup: 'Work domains', listGroup: 'Work lists' }),
  FEED,
  aCategory('News', { parent: 'Feed', domainGroup: 'Feed domains', listGroup: 'Feed lists', addToInbox: true }),
];

function golden(name: string): string {
  return readFileSync(join(__dirname, 'golden', name), 'utf8');
}

function factsFor(categories: readonly Category[], kinds: readonly SubjectKind[] = ['sender']): RuleFacts {
  return { ...rulesFor(categories, kinds), screener: 'Screener', pathOf: (mailbox) => mailbox };
}

function scriptFor(facts: RuleFacts, fields: Partial<Parameters<typeof sieveScript>[0]> = {}): string {
  return sieveScript({ ...facts, uidsOf: (group) => [`uid-of-${group.replaceAll(' ', '-')}`], ...fields });
}

describe.each<[string, readonly Category[], readonly SubjectKind[]]>([
  ['defaults', DEFAULTS, ['sender']],
  ['defaults-domains', DEFAULTS, ['sender', 'domain']],
  ['defaults-lists', DEFAULTS, ['sender', 'list']],
  ['defaults-domains-lists', DEFAULTS, SUBJECT_KINDS],
  ['chain', CHAIN, ['sender']],
  ['chain-domains-lists', CHAIN, SUBJECT_KINDS],
  ['shared-groups-domains-lists', SHARED, SUBJECT_KINDS],
])('the rules for %s', (name, categories, kinds) => {
  it('are what Fastmail imports', () => {
    const rules = fastmailRules(factsFor(categories, kinds), NOW);
    expect(`${JSON.stringify(rules, null, 2)}\n`).toBe(golden(`${name}.mailrules.json`));
  });

  it('are steps for a person', () => {
    expect(`${fastmailSteps(factsFor(categories, kinds)).join('\n')}\n`).toBe(golden(`${name}.steps.txt`));
  });

  it('are a Sieve script', () => {
    expect(`${scriptFor(factsFor(categories, kinds))}\n`).toBe(golden(`${name}.sieve`));
  });
});

it('searches say what conditions ask', () => {
  const { pick, chance } = seededRandom(5);
  const facts = factsFor(CHAIN, SUBJECT_KINDS);
  const searches = fastmailRules(facts, NOW).map(({ search }) => search);
  const conditions = [...facts.routes.map(({ condition }) => condition), ...facts.screened];
  const names = SUBJECT_KINDS.flatMap((kind) => CHAIN.map((category) => groupOf(category, kind)));
  let held = 0;
  for (let round = 0; round < 300; round++) {
    const some = () => names.filter(() => chance(0.1));
    const seen = { from: chance(0.3) ? undefined : some(), to: chance(0.5) ? [] : [pick(names)] };
    const found = conditions.map((condition) => holds(condition, seen));
    expect(searches.map((search) => matches(search, seen))).toEqual(found);
    held += found.filter(Boolean).length;
  }
  expect(held).toBeGreaterThan(200);
});

it('rules have names of their own', () => {
  const names = ruleNames(factsFor(CHAIN, SUBJECT_KINDS));
  expect(new Set(names).size).toBe(names.length);
});

describe('names in rules', () => {
  it.each([
    ['Feed', 'fromin:Feed'],
    ['Paper Trail', 'fromin:"Paper Trail"'],
    ['Zürich', 'fromin:Zürich'],
    ['A-B', 'fromin:"A-B"'],
    ['say "hi"', 'fromin:"say \\"hi\\""'],
    ['NOT fromin:contacts', 'fromin:"NOT fromin:contacts"'],
  ])('the group %s is searched for as %s', (group, search) => {
    const [rule] = fastmailRules(factsFor([aCategory('Feed', { group })]), NOW);
    expect(rule?.search).toBe(search);
  });

  it('cannot leave their quotes or comments in a script', () => {
    const hostile = 'a"; discard; #\\';
    const script = scriptFor(factsFor([aCategory('Feed', { group: 'x\u2028discard;', mailbox: hostile })]));
    expect(script).toContain('  fileinto "a\\"; discard; #\\\\";');
    expect(script.split(/[\n\u2028]/)).not.toContain('discard;');
  });

  it('are written both ways where Sieve and IMAP differ', () => {
    const script = scriptFor(factsFor([aCategory('Später')]));
    expect(script).toContain('require ["fileinto", "mailbox", "vnd.cyrus.jmapquery"];');
    expect(script).toContain('if mailboxexists "Später" { fileinto "Später"; }\n  else { fileinto "Sp&AOQ-ter"; }');
  });

  it('mean every group that has the name', () => {
    const script = scriptFor(factsFor([FEED]), { uidsOf: () => ['one', 'two'] });
    expect(script).toContain(
      '{"operator":"OR","conditions":[{"fromContactGroupId":"one"},{"fromContactGroupId":"two"}]}',
    );
  });

  it('are the group’s UIDs where the message came by a list', () => {
    const script = scriptFor(factsFor([FEED], ['sender', 'list']), { uidsOf: (group) => [`1 ${group}`, `2 ${group}`] });
    for (const uid of ['1 Feed lists', '2 Feed lists']) {
      expect(script).toContain(`{"toContactGroupId":"${uid}"},{"ccContactGroupId":"${uid}"}`);
    }
  });
});

// The examples of RFC 3501, section 5.1.3, and of what must be encoded besides.
it.each([
  ['Feed', 'Feed'],
  ['A & B', 'A &- B'],
  ['~peter/mail/台北/日本語', '~peter/mail/&U,BTFw-/&ZeVnLIqe-'],
  ['&☺!', '&-&Jjo-!'],
  ['😀', '&2D3eAA-'],
])('%s is %s in modified UTF-7', (name, encoded) => {
  expect(modifiedUtf7(name)).toBe(encoded);
});
