import { parseYaml } from '../src/yaml';

describe('YAML', () => {
  it.each([
    [
      'a list of names and objects',
      '- Feed # and more\n- name: "Jail"\n  addToInbox: true\n',
      ['Feed', { name: 'Jail', addToInbox: true }],
    ],
    ['JSON', '["Feed", {"name": "Jail"}]', ['Feed', { name: 'Jail' }]],
    ['names that YAML 1.1 took for something else', '[yes, no, 2026-01-01, 010]', ['yes', 'no', '2026-01-01', 10]],
    ['anchors', '[&a {name: Feed}, *a]', [{ name: 'Feed' }, { name: 'Feed' }]],
    ['`<<` as the name that it is', '[{<<: {name: Feed}}]', [{ '<<': { name: 'Feed' } }]],
  ])('reads %s', (_, text, value) => {
    expect(parseYaml(text)).toEqual(value);
  });

  it.each([
    ['a list without its end', '[Feed', /\(1:6\)/],
    ['a name twice', '[{name: A, name: B}]', /duplicated.*\(1:12\)/],
    ['several documents', '[A]\n---\n[B]', /single document/],
    ['nothing but a comment', '# categories', /empty/],
    ['an unknown tag', '[!!set {A}]', /unknown/],
    ['an unknown anchor', '[*a]', /\(1:3\)/],
    ['a key of an object that is none of its own', '[{__proto__: {name: A}, __proto__: 1}]', /duplicated/],
  ])('refuses %s, and says where', (_, text, message) => {
    expect(() => parseYaml(text)).toThrow(message);
  });

  it('takes no longer for anchors that refer to each other', () => {
    const levels = Array.from({ length: 40 }, (_, level) => `&l${level + 1} [*l${level}, *l${level}]`);
    expect(parseYaml(`[&l0 x, ${levels.join(', ')}]`)).toHaveLength(41);
  });
});
