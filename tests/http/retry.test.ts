import { retryAfter } from '../../src/http/retry';

describe('Retry-After', () => {
  const now = Date.parse('2026-01-15T09:00:00Z');
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Thu, 15 Jan 2026 09:01:00 GMT', 60_000],
    ['Thu, 15 Jan 2026 08:00:00 GMT', 0],
    ['soon', undefined],
  ])('of %s is %p milliseconds', (value, milliseconds) => {
    expect(retryAfter(new Headers({ 'retry-after': value }), now)).toBe(milliseconds);
  });

  it('may be missing', () => {
    expect(retryAfter(new Headers(), now)).toBeUndefined();
  });
});
