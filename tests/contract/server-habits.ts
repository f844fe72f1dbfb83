import type { BookAccount } from '../support/account';
import { linesOf } from '../support/card-driver';
import { addressbookQuery, cardsIn, has, hasNot, type Query } from '../support/dav-queries';
import { cardText, dav, putCard, versionedCard } from '../support/wire';

/** Something that CardDAV leaves to servers, or that they do in spite of it, and how a test finds it out. */
export interface Habit {
  /** As the first column of the table in docs/development.md. */
  readonly title: string;
  /** Looks at a new account; gives the words of the table. */
  readonly look: (account: BookAccount) => Promise<string>;
}

async function report(account: BookAccount, body: string): Promise<string> {
  const { status, text } = await dav(account, 'REPORT', '', { headers: { depth: '1' }, body });
  if (status !== 207) throw new Error(`REPORT: HTTP ${status} ${text}`);
  return text;
}

async function uidsOf(account: BookAccount, query: Query): Promise<string> {
  const cards = cardsIn(await report(account, addressbookQuery(query)));
  return cards
    .map((card) => /^UID[^:]*:(.*)$/m.exec(card)?.[1])
    .sort()
    .join(' ');
}

/** The text of `a.vcf`. */
async function textOf(account: BookAccount, version?: string): Promise<string> {
  const headers = version === undefined ? {} : { accept: `text/vcard; version=${version}` };
  return (await dav(account, 'GET', 'a.vcf', { headers })).text;
}

function versionAndUid(card: string): string {
  const lines = linesOf(card).filter((line) => /^(UID|VERSION)/.test(line));
  return lines.map((line) => `\`${line}\``).join(' ');
}

const yes = (is: boolean): string => (is ? 'yes' : 'no');

export const HABITS: readonly Habit[] = [
  {
    title: 'a REPORT that finds nothing is one empty element (`<multistatus …/>`)',
    look: async (account) =>
      yes(/multistatus[^>]*\/>\s*$/.test(await report(account, addressbookQuery({ filters: [has('UID', 'x')] })))),
  },
  {
    title: 'cards in answers are CDATA',
    async look(account) {
      await putCard(account, 'a.vcf', cardText('a'));
      return yes((await report(account, addressbookQuery({ filters: [has('UID', 'a')] }))).includes('<![CDATA['));
    },
  },
  {
    title: 'sends the named properties alone',
    async look(account) {
      await putCard(account, 'a.vcf', cardText('a', 'NOTE:secret'));
      const data = '<c:address-data><c:prop name="UID"/></c:address-data>';
      return yes(!(await report(account, addressbookQuery({ filters: [has('UID', 'a')], data }))).includes('secret'));
    },
  },
  {
    title: 'a vCard 4.0 with `UID:a`, where none is asked for, comes as',
    async look(account) {
      await putCard(account, 'a.vcf', versionedCard('4.0', 'a'));
      return versionAndUid(await textOf(account));
    },
  },
  {
    title: 'a vCard 3.0 with `UID:a`, asked for as 4.0, comes as',
    async look(account) {
      await putCard(account, 'a.vcf', cardText('a'));
      return versionAndUid(await textOf(account, '4.0'));
    },
  },
  {
    title: 'writes cards anew: other order, other spelling',
    async look(account) {
      const text = cardText(
        'a',
        'item1.EMAIL;TYPE=INTERNET:ann@x.example',
        'item1.X-ABLabel:Work',
        'ADR;TYPE=home:;;1 St;T;;;',
        'CATEGORIES:b,a',
      );
      await putCard(account, 'a.vcf', text);
      return yes(linesOf(await textOf(account)).join('\n') !== linesOf(text).join('\n'));
    },
  },
  {
    title: '`equals` ignores the case of other letters',
    async look(account) {
      await putCard(account, 'a.vcf', cardText('a', 'EMAIL:jö@x.example'));
      return yes((await uidsOf(account, { filters: [has('EMAIL', 'JÖ@x.example')] })) === 'a');
    },
  },
  {
    title: 'finds an address that is in a property group (`item1.EMAIL`)',
    async look(account) {
      await putCard(account, 'a.vcf', cardText('a', 'item1.EMAIL:ann@x.example'));
      return yes((await uidsOf(account, { filters: [has('EMAIL', 'ann@x.example')] })) === 'a');
    },
  },
  {
    title: 'several texts for one property are alternatives',
    async look(account) {
      await putCard(account, 'a.vcf', cardText('a', 'EMAIL:a@x.example'));
      await putCard(account, 'b.vcf', cardText('b', 'EMAIL:b@x.example'));
      const texts = ['a@x.example', 'b@x.example'].map(
        (text) => `<c:text-match match-type="equals">${text}</c:text-match>`,
      );
      return yes(
        (await uidsOf(account, {
          filters: [`<c:prop-filter name="EMAIL" test="anyof">${texts.join('')}</c:prop-filter>`],
        })) === 'a b',
      );
    },
  },
  {
    title: '`is-not-defined` finds the cards without the property, and no others',
    async look(account) {
      await putCard(account, 'a.vcf', cardText('a', 'EMAIL:a@x.example'));
      await putCard(account, 'b.vcf', cardText('b'));
      return yes((await uidsOf(account, { filters: [hasNot('EMAIL'), hasNot('KIND')], test: 'allof' })) === 'b');
    },
  },
  {
    title: 'a second card with the UID of another',
    async look(account) {
      await putCard(account, 'a.vcf', cardText('a'));
      const { status, text } = await putCard(account, 'b.vcf', cardText('a'));
      return text.includes('no-uid-conflict') ? `${status} no-uid-conflict` : String(status);
    },
  },
  {
    title: '`/.well-known/carddav` is',
    look: async (account) =>
      String(
        (await fetch(new URL('/.well-known/carddav', account.carddavUrl), { method: 'PROPFIND', redirect: 'manual' }))
          .status,
      ),
  },
  {
    title: 'keeps the photo of a vCard 4.0 (`PHOTO:data:image/jpeg;base64,…`)',
    async look(account) {
      const photo = 'PHOTO:data:image/jpeg;base64,QUJD';
      await putCard(account, 'a.vcf', versionedCard('4.0', 'a', photo));
      return yes(linesOf(await textOf(account, '4.0')).includes(photo));
    },
  },
];
