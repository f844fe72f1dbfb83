import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fastmailRules, fastmailSteps, type RuleFacts } from '../../../src/commands/setup/fastmail-rules';
import { modifiedUtf7 } from '../../../src/commands/setup/modified-utf7';
import { sieveScript } from '../../../src/commands/setup/sieve-script';
import type { Category } from '../../../src/triage/category';
import { type Route, routesFor } from '../../../src/triage/routes';
import { aCategory, DEFAULTS, FEED, IMBOX } from '../../support/builders';

const NOW = new Date('2026-03-01T10:00:00.987Z');

const CHAIN: readonly Category[] = [
  IMBOX,
  FEED,
  aCategory('VIP Feed', { parent: 'Feed', addToInbox: true }),
  aCategory('Quiet', { parent: 'VIP Feed' }),
];

function golden(name: string): string {
  return readFileSync(join(__dirname, 'golden', name), 'utf8');
}

function factsFor(categories: readonly Category[]): RuleFacts {
  return { routes: routesFor(categories), screener: 'Screener', pathOf: (mailbox) => mailbox };
}

function scriptFor(routes: readonly Route[], fields: Partial<Parameters<typeof sieveScript>[0]> = {}): string {
  const uidsOf = (group: string) => [`uid-of-${group.replaceAll(' ', '-')}`];
  return sieveScript({ routes, uidsOf, pathOf: (mailbox) => mailbox, screener: 'Screener', ...fields });
}

describe.each([
  ['defaults', DEFAULTS],
  ['chain', CHAIN],
])('the rules for %s', (name, categories) => {
  it('are what Fastmail imports', () => {
    const rules = fastmailRules(factsFor(categories), NOW);
    expect(`${JSON.stringify(rules, null, 2)}\n`).toBe(golden(`${name}.mailrules.json`));
  });

  it('are steps for a person', () => {
    expect(`${fastmailSteps(factsFor(categories)).join('\n')}\n`).toBe(golden(`${name}.steps.txt`));
  });

  it('are a Sieve script', () => {
    expect(`${scriptFor(routesFor(categories))}\n`).toBe(golden(`${name}.sieve`));
  });
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
    const script = scriptFor(routesFor([aCategory('Feed', { group: 'x\u2028discard;', mailbox: hostile })]));
    expect(script).toContain('  fileinto "a\\"; discard; #\\\\";');
    expect(script.split(/[\n\u2028]/)).not.toContain('discard;');
  });

  it('are written both ways where Sieve and IMAP differ', () => {
    const script = scriptFor(routesFor([aCategory('Später')]));
    expect(script).toContain('require ["fileinto", "mailbox", "vnd.cyrus.jmapquery"];');
    expect(script).toContain('if mailboxexists "Später" { fileinto "Später"; }\n  else { fileinto "Sp&AOQ-ter"; }');
  });

  it('mean every group that has the name', () => {
    const script = scriptFor(routesFor([FEED]), { uidsOf: () => ['one', 'two'] });
    expect(script).toContain(
      '{"operator":"OR","conditions":[{"fromContactGroupId":"one"},{"fromContactGroupId":"two"}]}',
    );
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
