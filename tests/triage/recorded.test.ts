import { recordedVerdicts } from '../../src/triage/recorded';
import { aContact } from '../support/builders';

describe('the verdicts in the notes', () => {
  it('come the newest first, those of one day and contact the last one first', () => {
    const contacts = [
      aContact('own', {
        addresses: ['Shop@Example.com'],
        note: 'Mailroom 2026-01-02: Feed\nMailroom 2026-01-02: Feed → Jail',
      }),
      aContact('u', {
        addresses: ['home@ann.example', 'work@ann.example'],
        formattedName: 'Ann',
        note: 'mine\nMailroom 2026-01-01: Feed <work@ann.example>\nMailroom 2026-01-03: Imbox <home@ann.example>',
      }),
      aContact('none', { note: 'Mailroom is great' }),
    ];
    expect(
      recordedVerdicts(contacts).map(({ date, subject, from, category }) => [date, subject?.address, from, category]),
    ).toEqual([
      ['2026-01-03', 'home@ann.example', null, 'Imbox'],
      ['2026-01-02', 'shop@example.com', 'Feed', 'Jail'],
      ['2026-01-02', 'shop@example.com', null, 'Feed'],
      ['2026-01-01', 'work@ann.example', null, 'Feed'],
    ]);
  });

  it.each([
    [
      { addresses: [], formattedName: ' ' },
      { subject: null, name: null },
    ],
    [
      { addresses: ['a@x.example'], formattedName: null },
      { subject: { kind: 'sender', address: 'a@x.example' }, name: null },
    ],
    [
      { addresses: ['*@X.example'], formattedName: 'x.example' },
      { subject: { kind: 'domain', address: '*@x.example' }, name: 'x.example' },
    ],
    [
      { addresses: ['a@x.example'], formattedName: 'Ann' },
      { subject: { kind: 'sender', address: 'a@x.example' }, name: 'Ann' },
    ],
  ])('say whose they are: %j', (fields, expected) => {
    expect(recordedVerdicts([aContact('u', { ...fields, note: 'Mailroom 2026-01-01: Feed' })])).toMatchObject([
      expected,
    ]);
  });
});
