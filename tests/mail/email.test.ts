import { LISTED_MESSAGE } from '../../src/mail/email';
import { timeRatio } from '../support/time-ratio';

/** An Email as it comes, with this in the header or property that a correspondent writes. */
function emailWith(property: string, value: unknown): string {
  const email = { id: 'e', mailboxIds: { m: true }, receivedAt: '2026-01-01T00:00:00Z', from: null };
  return JSON.stringify({ ...email, [property]: value });
}

describe('a message as it comes', () => {
  it.each<[string, (length: number) => unknown]>([
    ['header:List-Id', (length) => '<'.repeat(length)],
    ['header:List-Unsubscribe', (length) => '<mailto:a@x.example>,'.repeat(length / 20)],
    ['subject', (length) => ' \n'.repeat(length / 2)],
    ['from', (length) => Array.from({ length: length / 25 }, (_, i) => ({ name: null, email: `${i}@x.example` }))],
  ])('is read in a time that grows with the length of its %s alone', (property, written) => {
    const inputOf = (length: number) => emailWith(property, written(length));
    expect(timeRatio(inputOf, (text) => LISTED_MESSAGE.read(JSON.parse(text)))).toBeLessThan(20);
  });
});
