import { senderOf } from '../../src/triage/sender';
import { aMessage } from '../support/builders';
import { timeRatio } from '../support/time-ratio';

describe('the sender of a message', () => {
  it.each([
    ['an address', 'Ann@Example.com', 'ann@example.com'],
    ['an apostrophe and an ampersand', "o'brien&sons@example.com", "o'brien&sons@example.com"],
    ['a percent sign', '%20@example.com', '%20@example.com'],
    ['letters beyond ASCII', 'jörg@exämple.org', 'jörg@exämple.org'],
    ['an @ in the local part', '"a@b"@example.com', '"a@b"@example.com'],
  ])('may have %s', (_, email, sender) => {
    expect(senderOf(aMessage('1', email, []))).toBe(sender);
  });

  it.each([
    ['no From at all', null],
    ['an empty address', ''],
    ['a word', 'nobody'],
    ['nothing before the @', '@example.com'],
    ['nothing behind the @', 'ann@'],
    ['space around it, which a card would not keep', ' ann@example.com'],
    ['brackets around it', '<ann@example.com>'],
    ['a scheme before it, which in a card would make it Ann’s', 'mailto:ann@example.com'],
    ['a line break', 'ann@example.com\r\nBcc: all@example.com'],
    ['a null character', 'ann\0@example.com'],
    ['half a surrogate pair', 'ann\ud800@example.com'],
    ['what XML forbids', 'ann\uffff@example.com'],
  ])('is nobody with %s', (_, email) => {
    const from = email === null ? null : [{ name: null, email }];
    expect(senderOf({ ...aMessage('1', null, []), from })).toBeNull();
  });

  it('is nobody where From has several addresses', () => {
    const from = ['ann@example.com', 'bob@example.com'].map((email) => ({ name: null, email }));
    expect(senderOf({ ...aMessage('1', null, []), from })).toBeNull();
  });

  it('is nobody where From has no address', () => {
    expect(senderOf({ ...aMessage('1', null, []), from: [] })).toBeNull();
  });

  it.each([
    ['signs where one is due', (length: number) => '@'.repeat(length)],
    ['nothing but addresses in one', (length: number) => `${'a@'.repeat(length / 2)}`],
  ])('is found in a time that grows with the length alone: %s', (_, inputOf) => {
    expect(
      timeRatio(inputOf, (email) => senderOf({ ...aMessage('1', null, []), from: [{ name: null, email }] })),
    ).toBeLessThan(20);
  });

  it('is found in a time that grows with the number of addresses alone', () => {
    const senders = (text: string) => text.split(' ').map((email) => ({ name: null, email }));
    const inputOf = (length: number) =>
      Array.from({ length: length / 10 }, (_, i) => `${i}@x.test`.padStart(9, 'a')).join(' ');
    expect(timeRatio(inputOf, (text) => senderOf({ ...aMessage('1', null, []), from: senders(text) }))).toBeLessThan(
      20,
    );
  });
});
