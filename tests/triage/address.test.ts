import { foldAddress } from '../../src/triage/address';

const KELVIN = '\u212a';

describe('foldAddress', () => {
  it.each([
    ['lower case stays', 'ann@example.com', 'ann@example.com'],
    ['upper case becomes lower case', 'Ann@EXAMPLE.Com', 'ann@example.com'],
    ['letters beyond ASCII become lower case', 'JÖRG@EXÄMPLE.ORG', 'jörg@exämple.org'],
    ['a plus-address keeps its tag', 'Ann+News@example.com', 'ann+news@example.com'],
    ['dots stay', 'A.N.N@example.com', 'a.n.n@example.com'],
    ['odd but valid addresses stay what they are', "o'brien&sons%20@Example.com", "o'brien&sons%20@example.com"],
    ['the Kelvin sign keeps its own form', `${KELVIN}ate@example.com`, `${KELVIN}ate@example.com`],
    ['the dotted capital I keeps its own form', 'İ@example.com', 'İ@example.com'],
    ['the capital sharp s keeps its own form', 'STRAẞE@example.com', 'straẞe@example.com'],
    ['the final sigma keeps its own form', 'ΛΟΓΟς@example.com', 'λογος@example.com'],
  ])('%s', (_, written, folded) => {
    expect(foldAddress(written)).toBe(folded);
  });

  it.each([
    ['the Kelvin sign and k', `${KELVIN}ate@example.com`, 'kate@example.com'],
    ['the dotted capital I and i', 'İan@example.com', 'ian@example.com'],
    ['the long s and s', 'ſam@example.com', 'sam@example.com'],
    ['final and medial sigma', 'ς@example.com', 'σ@example.com'],
    ['a Cyrillic a and a Latin one', 'аnn@example.com', 'ann@example.com'],
    ['a decomposed letter and a composed one', 'jo\u0308@example.com', 'jö@example.com'],
    ['with and without a plus-tag', 'ann+x@example.com', 'ann@example.com'],
    ['a longer local part', 'joann@example.com', 'ann@example.com'],
    ['a longer domain', 'ann@example.com.evil.org', 'ann@example.com'],
  ])('keeps apart %s', (_, one, other) => {
    expect(foldAddress(one)).not.toBe(foldAddress(other));
  });

  it('changes nothing of what it has folded', () => {
    const once = foldAddress(`ÀΣς${KELVIN}İẞǅ@EXAMPLE.com`);
    expect(foldAddress(once)).toBe(once);
  });
});
