import type { WaitingSender } from '../../src/triage/queue';
import type { RecordedVerdict } from '../../src/triage/recorded';
import { type Subject, senderSubject } from '../../src/triage/subject';
import { suggestionFor } from '../../src/triage/suggestion';
import { aCategory, DEFAULTS } from '../support/builders';

const WAITING: WaitingSender = {
  sender: 'news@shop.example',
  domain: 'shop.example',
  name: null,
  severalNames: false,
  messages: 1,
  oldest: '2026-01-15T09:00:00Z',
  newest: '2026-01-15T09:00:00Z',
  subject: 'Hello',
  newestId: '1',
  list: false,
  noReply: false,
};

function verdict(subject: Subject | null, category: string): RecordedVerdict {
  return { date: '2026-01-01', subject, name: null, from: null, category };
}

function suggested(waiting: Partial<WaitingSender>, verdicts: readonly RecordedVerdict[] = [], categories = DEFAULTS) {
  const suggestion = suggestionFor({ ...WAITING, ...waiting }, verdicts, categories);
  return suggestion && [suggestion.category.name, suggestion.because];
}

describe('a suggestion', () => {
  const ann = verdict(senderSubject('ann@shop.example'), 'Jail');
  const bob = verdict(senderSubject('bob@shop.example'), 'Jail');
  const OTHERS = ['Jail', 'others of shop.example are there'];

  it('is none where nothing speaks for one', () => {
    expect(suggested({})).toBeNull();
    expect(suggested({}, [verdict(senderSubject('ann@other.example'), 'Jail')])).toBeNull();
  });

  it.each<[string, readonly RecordedVerdict[], readonly string[] | null]>([
    ['that of another sender of the domain', [ann], OTHERS],
    ['that of all others of the domain', [ann, bob], OTHERS],
    ['none where they differ', [ann, { ...bob, category: 'Feed' }], null],
    ['that of the last verdicts', [ann, bob, { ...bob, category: 'Feed' }], OTHERS],
    ['none of a category that is no more', [{ ...ann, category: 'Old' }], null],
    ['none of spam', [{ ...ann, category: 'Spam' }], null],
    ['none of a list', [verdict({ kind: 'list', address: 'posts@shop.example' }, 'Jail')], null],
    ['none of what names nobody', [verdict(null, 'Jail')], null],
  ])('by the domain is %s', (_, verdicts, expected) => {
    expect(suggested({}, verdicts)).toEqual(expected);
  });

  it('by the domain is none where strangers share it', () => {
    const atHome = verdict(senderSubject('ann@gmail.com'), 'Jail');
    expect(suggested({ sender: 'bob@gmail.com', domain: null }, [atHome])).toBeNull();
  });

  it.each([
    'Your receipt from Shop',
    'Receipts',
    'INVOICE 7',
    'Invoices of May',
    'Your order is on its way',
    'Ihre Rechnung',
    'Votre reçu',
    'Tu pedido',
  ])('is Paper Trail for what looks like a receipt: %s', (subject) => {
    expect(suggested({ subject, list: true })).toEqual(['Paper Trail', 'it looks like a receipt']);
  });

  it.each(['Reordered', 'Deceipt', 'Prepayments'])('is not for what only holds such a word: %s', (subject) => {
    expect(suggested({ subject })).toBeNull();
  });

  it('is Feed for what has the headers of a mailing list', () => {
    expect(suggested({ list: true })).toEqual(['Feed', 'it has the headers of a mailing list']);
  });

  it('is no category that the settings do not have', () => {
    expect(suggested({ list: true, subject: 'Your receipt' }, [], [aCategory('Jail')])).toBeNull();
  });

  it('goes by the domain first', () => {
    expect(suggested({ list: true, subject: 'Your receipt' }, [ann])).toEqual(OTHERS);
  });
});
