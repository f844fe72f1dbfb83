import { type LetterFacts, letterOf } from '../../../src/commands/letter/content';
import { render } from '../../../src/commands/letter/render';
import { planLetter, writeLetter } from '../../../src/commands/letter/written';
import { isPublicDomain } from '../../../src/domains/public-domains';
import { domainOf } from '../../../src/triage/address';
import type { WaitingSender } from '../../../src/triage/queue';
import { FEED } from '../../support/builders';

const NOTHING: LetterFacts = {
  waiting: [],
  senderless: 0,
  cautions: new Map(),
  verdicts: [],
  errors: [],
  chores: [],
  notes: [],
  categories: [FEED],
  undoLabel: null,
};

function waiting(sender: string, changes: Partial<WaitingSender> = {}): WaitingSender {
  const times = { oldest: '2026-01-01T08:00:00Z', newest: '2026-01-02T08:00:00Z' };
  const domain = isPublicDomain(domainOf(sender)) ? null : domainOf(sender);
  return {
    sender,
    domain,
    name: null,
    severalNames: false,
    newestId: 'm1',
    messages: 2,
    ...times,
    subject: 'Hello',
    list: false,
    noReply: false,
    ...changes,
  };
}

const ONE: LetterFacts = { ...NOTHING, waiting: [waiting('ann@sender.example')] };

describe('The content of the letter', () => {
  it.each<[string, Partial<LetterFacts>]>([
    ['nobody waits', {}],
    [
      'there are verdicts alone',
      {
        verdicts: [
          { date: '2026-01-01', subject: { kind: 'sender', address: 'a@x' }, name: null, from: null, category: 'Feed' },
        ],
      },
    ],
    ['there are notes alone', { notes: ['No rule reaches a group'] }],
  ])('is none where %s', (_, facts) => {
    expect(letterOf({ ...NOTHING, ...facts }, 100)).toBeUndefined();
  });

  it.each<[Partial<LetterFacts>, string]>([
    [{ waiting: [waiting('ann@x.example')] }, '1 sender in the Screener'],
    [{ chores: ['Look'] }, 'Mailroom needs you'],
    [{ errors: [{ subject: 's', from: 'f', why: 'w' }] }, '1 message with the error label'],
    [{ senderless: 1 }, 'Mail without a sender in the Screener'],
  ])('%j has the subject %s', (facts, subject) => {
    expect(letterOf({ ...NOTHING, ...facts }, 100)?.subject).toBe(subject);
  });

  it('tells three senders of one domain together, but not of a domain that strangers share', () => {
    const titles = (domain: string) =>
      letterOf(
        { ...NOTHING, waiting: ['a', 'b', 'c'].map((name) => waiting(`${name}@${domain}`)) },
        100,
      )?.sections[0]?.items.map(({ title }) => title);
    expect(titles('shop.example')).toEqual(['shop.example: 3 senders']);
    expect(titles('gmail.com')).toEqual(['a@gmail.com', 'b@gmail.com', 'c@gmail.com']);
  });

  it('warns of a name that is known elsewhere, and suggests what speaks for itself', () => {
    const facts = {
      ...NOTHING,
      waiting: [waiting('news@x.example', { name: 'Ann', list: true })],
      cautions: new Map([['news@x.example', [{ kind: 'known name', addresses: ['ann@work.example'] } as const]]]),
    };
    const [item] = letterOf(facts, 100)?.sections[0]?.items ?? [];
    expect(item?.caution).toBe('this name is known as ann@work.example');
    expect(item?.lines.at(-1)).toBe('Perhaps Feed (@ToFeed): it has the headers of a mailing list.');
  });
});

describe('The letter as it is written', () => {
  it.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '</style><style>*{display:none}',
    "'&amp;<!--",
    'a\u202eb\u0000c\ud800',
  ])('shows %j as text and nothing else', (text) => {
    const facts = { ...NOTHING, waiting: [waiting(`${text}@x.example`, { name: text, subject: text })] };
    const plain = render(letterOf(ONE, 9) ?? { subject: '', sections: [] }, { links: true }).html;
    const html = render(letterOf(facts, 9) ?? { subject: '', sections: [] }, { links: true }).html;
    const elements = (page: string) => [...page.matchAll(/<\/?[a-z!][^ >]*/gi)].map(([tag]) => tag);
    // The name is one line more.
    expect(elements(html).filter((tag) => !/^<\/?p$/.test(tag))).toEqual(
      elements(plain).filter((tag) => !/^<\/?p$/.test(tag)),
    );
    expect(html).not.toMatch(/[\p{Cf}\p{Cs}]|(?!\n)\p{Cc}/u);
  });

  it('links to the search of Fastmail, or nowhere', () => {
    expect(writeLetter(ONE, { links: true })?.html).toContain(
      'href="https://app.fastmail.com/mail/search:from%3Aann%40sender.example"',
    );
    expect(writeLetter(ONE, { links: false })?.html).not.toContain('href');
  });

  it('loads nothing', () => {
    expect(writeLetter(ONE, { links: true })?.html).not.toMatch(/src=|url\(|@import|<link|<script/i);
  });
});

describe('The plan of the letter', () => {
  const stored = (id: string, header: string) => ({ id, header, receivedAt: '2026-01-01T00:00:00Z' });
  it.each([
    ['new', undefined, [], { create: false, destroy: [] }],
    ['first', 'a', [], { create: true, destroy: [] }],
    ['the same', 'a', [stored('1', 'a')], { create: false, destroy: [] }],
    ['another', 'b', [stored('1', 'a')], { create: true, destroy: ['1'] }],
    ['none any more', undefined, [stored('1', 'a')], { create: false, destroy: ['1'] }],
    ['twice', 'a', [stored('1', 'a'), stored('2', 'a')], { create: false, destroy: ['2'] }],
  ] as const)('%s', (_, digest, letters, plan) => {
    expect(planLetter(digest, letters)).toEqual(plan);
  });
});
