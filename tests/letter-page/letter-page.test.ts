import type { LetterFacts } from '../../src/commands/letter/content';
import { writeLetter } from '../../src/commands/letter/written';
import { senderSubject } from '../../src/triage/subject';
import { browserRequirement, domOf } from '../support/letter-page/browser';
import { startPageServer } from '../support/letter-page/page-server';
import { describeWith } from '../support/requirement';

const MOBILE = 360;

/** What strangers might write so that a page does something. */
function attacksOn(origin: string): readonly string[] {
  return [
    `<img src="${origin}/img" onerror="document.body.innerHTML='gone'">`,
    `"><script src="${origin}/script"></script><script>document.title = 'taken'</script>`,
    `' onmouseover='fetch("${origin}/fetch")' x='`,
    `</style><style>@import url(${origin}/style);*{display:none}</style>`,
    `</title></head><link rel=stylesheet href=${origin}/link><base href=${origin}/base/>`,
    `<iframe src=${origin}/frame></iframe><form action=${origin}/form><input name=q>`,
    `<!--<meta http-equiv=refresh content="0;url=${origin}/refresh">`,
    `&lt;img src=${origin}/entity&gt;<svg onload=fetch('${origin}/svg')>`,
  ];
}

/** A letter in which everything that others write is one of the texts. */
function letterWith(texts: readonly string[]): string {
  const facts: LetterFacts = {
    waiting: texts.map((text, index) => ({
      sender: `${text}@domain${index}.example`,
      domain: `domain${index}.example`,
      name: text,
      severalNames: false,
      newestId: 'm',
      messages: 1,
      oldest: '2026-01-01T00:00:00Z',
      newest: '2026-01-01T00:00:00Z',
      subject: text,
      list: false,
      noReply: false,
    })),
    senderless: 1,
    cautions: new Map(
      texts.map((text, index) => [
        `${text}@domain${index}.example`,
        [{ kind: 'known name', addresses: [text] } as const],
      ]),
    ),
    verdicts: texts.map((text) => ({
      date: '2026-01-01',
      subject: senderSubject(text),
      name: text,
      from: null,
      category: text,
    })),
    errors: texts.map((text) => ({ subject: text, from: text, why: text })),
    chores: texts,
    notes: texts,
    categories: [],
    undoLabel: '@ToScreener',
  };
  return writeLetter(facts, { links: true })?.html ?? '';
}

/** Names of the elements of a page, in order. */
function elementsOf(dom: string): readonly string[] {
  return [...dom.matchAll(/<([a-z][a-z0-9]*)/gi)].map(([, name]) => name ?? '');
}

describeWith(browserRequirement, 'The letter in a browser', () => {
  it('has no element that is not ours and asks nobody for anything, whatever strangers write', async () => {
    const server = await startPageServer((origin) => ({
      '/harmless': letterWith(attacksOn(origin).map((_, index) => `text ${index}`)),
      '/hostile': letterWith(attacksOn(origin)),
    }));
    try {
      const harmless = await domOf(`${server.origin}/harmless`);
      const hostile = await domOf(`${server.origin}/hostile`);
      expect(elementsOf(harmless).length).toBeGreaterThan(50);
      expect(elementsOf(hostile)).toEqual(elementsOf(harmless));
      expect(server.asked).toEqual(['/harmless', '/hostile']);
    } finally {
      await server.stop();
    }
  }, 120_000);

  it('is told apart from a page that does ask', async () => {
    const server = await startPageServer((origin) => ({ '/open': attacksOn(origin).join('\n') }));
    try {
      await domOf(`${server.origin}/open`);
      expect(server.asked).toContain('/img');
    } finally {
      await server.stop();
    }
  }, 120_000);

  it(`fits ${MOBILE} pixels, however long the words in it are, with letters of a size that can be read`, async () => {
    const measure = `<iframe src="/letter" style="width:${MOBILE}px;height:2000px;border:0"></iframe><output></output>
      <script>onload = () => {
        const { document: page } = frames[0];
        const sizes = [...page.querySelectorAll('p, a, h1, h2')].map((each) => parseFloat(frames[0].getComputedStyle(each).fontSize));
        document.querySelector('output').textContent = page.documentElement.scrollWidth + ' ' + Math.min(...sizes);
      }</script>`;
    const letter = letterWith(['W'.repeat(300), '漢'.repeat(300)]);
    const server = await startPageServer(() => ({ '/letter': letter, '/measure': measure }));
    try {
      const [, width, size] = /<output>(\d+) ([\d.]+)<\/output>/.exec(await domOf(`${server.origin}/measure`)) ?? [];
      expect(Number(width)).toBe(MOBILE);
      expect(Number(size)).toBeGreaterThanOrEqual(14);
    } finally {
      await server.stop();
    }
  }, 120_000);
});
