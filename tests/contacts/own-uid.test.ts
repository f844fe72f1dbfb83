import { ownUid, ownUids } from '../../src/contacts/own-uid';

// They stand in the user's address book: no later Mailroom may make others of the same addresses.
describe('UIDs of own contacts', () => {
  it.each([
    [0, '09cc83f7-02a4-552d-91c9-825648f45739'],
    [1, '6b2299ec-a0dc-5be7-88f1-3941dbb8403a'],
    [5, '6bd2c196-f0bd-522e-8f83-231023ff7629'],
  ])('are for ever the same: attempt %d', (attempt, uid) => {
    expect(ownUid('ann@x.example', attempt)).toBe(uid);
    expect(ownUids('ann@x.example')[attempt]).toBe(uid);
  });

  it('are no more than any attempt can have made', () => {
    expect(new Set(ownUids('ann@x.example')).size).toBe(6);
  });
});
