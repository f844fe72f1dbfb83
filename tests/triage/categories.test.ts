import { chainOf, faultsOf, isInbox, mailboxKey, readCategories } from '../../src/triage/categories';
import { aCategory, DEFAULTS, ERROR_LABEL, SCREENER, WARNING_LABEL } from '../support/builders';

const RESERVED = { screener: SCREENER, errorLabel: ERROR_LABEL, warningLabel: WARNING_LABEL };

describe('readCategories', () => {
  it('makes a category of a plain string', () => {
    expect(readCategories(['My News'])).toEqual({
      categories: [
        {
          name: 'My News',
          label: '@ToMyNews',
          group: 'My News',
          domainGroup: 'My News domains',
          listGroup: 'My News lists',
          mailbox: 'My News',
          contactType: 'company',
          parent: undefined,
          addToInbox: false,
        },
      ],
      faults: [],
    });
  });

  it('takes every field as it is written', () => {
    const written = {
      name: 'A',
      label: '@X',
      group: 'G',
      domainGroup: 'D',
      listGroup: 'L',
      mailbox: 'M',
      contactType: 'person',
      parent: 'B',
      addToInbox: true,
    };
    expect(readCategories([written])).toEqual({ categories: [written], faults: [] });
  });

  it('takes space off the ends and compares composed letters', () => {
    expect(readCategories(['  Bu\u0308cher ']).categories[0]).toMatchObject({ name: 'Bücher', label: '@ToBücher' });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'Feed'],
    ['an object', { name: 'Feed' }],
    ['an empty list', []],
  ])('refuses %s in place of a list', (_, value) => {
    const { categories, faults } = readCategories(value);
    expect(categories).toEqual([]);
    expect(faults).toEqual([expect.stringContaining('must be a list with at least one category')]);
  });

  it.each<[string, unknown, string]>([
    ['a number', 7, 'category 1 must be a name or an object'],
    ['null', null, 'category 1 must be a name or an object'],
    ['a list', ['Feed'], 'category 1 must be a name or an object'],
    ['an empty string', '', 'category 1 needs a text of one line, not empty, as "name"'],
    ['a string of spaces', '  ', 'category 1 needs a text of one line, not empty, as "name"'],
    ['no name', {}, 'category 1 needs a text of one line, not empty, as "name"'],
    ['a number as name', { name: 7 }, 'category 1 needs a text of one line, not empty, as "name"'],
    ['an arrow in the name', { name: 'A → B' }, 'category 1 must not have →, <'],
    ['what history lines end with in the name', { name: 'A (name added: B)' }, 'category 1 must not have →, <'],
    ['a line break in the label', { name: 'A', label: '@To\nA' }, 'not empty, as "label"'],
    ['an empty group', { name: 'A', group: '' }, 'not empty, as "group"'],
    ['an empty group of domains', { name: 'A', domainGroup: ' ' }, 'not empty, as "domainGroup"'],
    ['a list as group of lists', { name: 'A', listGroup: ['L'] }, 'not empty, as "listGroup"'],
    ['a list as mailbox', { name: 'A', mailbox: ['M'] }, 'not empty, as "mailbox"'],
    ['an empty parent', { name: 'A', parent: '' }, 'not empty, as "parent"'],
    ['an unknown contact type', { name: 'A', contactType: 'robot' }, '"contactType" must be company or person'],
    ['a text as addToInbox', { name: 'A', addToInbox: 'yes' }, '"addToInbox" must be true or false'],
    [
      'an unknown field',
      { name: 'A', colour: 'red' },
      'category 1 has the unknown field "colour"; the fields are name,',
    ],
  ])('finds exactly one fault in %s', (_, item, fault) => {
    expect(readCategories([item]).faults).toEqual([expect.stringContaining(fault)]);
  });

  it.each([[{}], [''], [7], [{ name: 7, label: '@To' }]])('makes no category of one without a name: %j', (item) => {
    expect(readCategories([item]).categories).toEqual([]);
  });

  it('finds all faults of all items at once, and says which item has them', () => {
    const { faults } = readCategories([{ name: 'A', colour: 1, contactType: 'x' }, 'B', { addToInbox: 1 }]);
    expect(faults).toHaveLength(4);
    expect(faults.map((fault) => /category \d/.exec(fault)?.[0])).toEqual([
      'category 1',
      'category 1',
      'category 3',
      'category 3',
    ]);
  });
});

describe('faultsOf', () => {
  it('finds nothing wrong with the default categories', () => {
    expect(faultsOf(DEFAULTS, RESERVED)).toEqual([]);
  });

  it.each([
    [
      'two categories of one name',
      [aCategory('A'), aCategory('A', { label: '@Other', group: 'Other' })],
      'two categories have the name "A"',
    ],
    ['two categories of one label', [aCategory('A'), aCategory('B', { label: '@ToA' })], 'have the label "@ToA"'],
    ['an unknown parent', [aCategory('A', { parent: 'B' })], 'category "A" has the unknown parent "B"'],
    ['its own parent', [aCategory('A', { parent: 'A' })], 'category "A" is its own ancestor'],
    [
      'a group shared by strangers',
      [aCategory('A'), aCategory('B', { group: 'A' })],
      'categories "A" and "B" share the group "A"',
    ],
    [
      'a group shared by two children of one parent',
      [aCategory('P'), aCategory('A', { parent: 'P', group: 'G' }), aCategory('B', { parent: 'P', group: 'G' })],
      'categories "A" and "B" share the group "G"',
    ],
    [
      'a group of domains shared by strangers',
      [aCategory('A'), aCategory('B', { domainGroup: 'A domains' })],
      'categories "A" and "B" share the group "A domains"',
    ],
    [
      'a group of lists shared by strangers',
      [aCategory('A'), aCategory('B', { listGroup: 'A lists' })],
      'categories "A" and "B" share the group "A lists"',
    ],
    ['a label that is the Screener', [aCategory('A', { label: SCREENER })], 'is also the Screener'],
    ['a label that is the error label', [aCategory('A', { label: ERROR_LABEL })], 'is also the error label'],
    ['a label that is the warning label', [aCategory('A', { label: WARNING_LABEL })], 'is also the warning label'],
    ['a label that is its own destination', [aCategory('A', { label: 'A' })], 'is also a destination mailbox'],
    ['a label that is another destination', [aCategory('A'), aCategory('B', { label: 'A' })], 'also a destination'],
    [
      'a label that is the Inbox, written otherwise',
      [aCategory('A', { mailbox: 'Inbox' }), aCategory('B', { label: 'INBOX' })],
      'the label "INBOX" of category "B" is also a destination mailbox',
    ],
    ['a destination that is the Screener', [aCategory('A', { mailbox: SCREENER })], 'is also the Screener'],
    ['a destination that is the error label', [aCategory('A', { mailbox: ERROR_LABEL })], 'is also the error label'],
    ['a destination that is the warning label', [aCategory('A', { mailbox: WARNING_LABEL })], 'the warning label'],
  ])('finds exactly one fault in %s', (_, categories, fault) => {
    expect(faultsOf(categories, RESERVED)).toEqual([expect.stringContaining(fault)]);
  });

  it('refuses the Inbox as a label, even where no category files there', () => {
    expect(faultsOf([aCategory('A', { label: 'inbox' })], RESERVED)).toEqual([
      expect.stringContaining('the label "inbox" of category "A" is also the Inbox'),
    ]);
  });

  it('names every category of a circle of parents, and none that only leads into it', () => {
    const faults = faultsOf(
      [aCategory('A', { parent: 'B' }), aCategory('B', { parent: 'A' }), aCategory('C', { parent: 'A' })],
      RESERVED,
    );
    expect(faults).toEqual([expect.stringContaining('"A" is its own'), expect.stringContaining('"B" is its own')]);
  });

  it('lets a category share the group of an ancestor', () => {
    const grandchild = aCategory('C', { parent: 'B', group: 'A' });
    expect(faultsOf([grandchild, aCategory('A'), aCategory('B', { parent: 'A' })], RESERVED)).toEqual([]);
  });

  it('lets categories share a mailbox', () => {
    expect(faultsOf([aCategory('A'), aCategory('B', { mailbox: 'A' })], RESERVED)).toEqual([]);
  });

  it.each([
    ['Screener and error label', { ...RESERVED, errorLabel: SCREENER }, 'the Screener and the error label are both'],
    ['Screener and warning label', { ...RESERVED, warningLabel: SCREENER }, 'the Screener and the warning label are'],
    ['both labels', { ...RESERVED, warningLabel: ERROR_LABEL }, 'the error label and the warning label are both'],
  ])('refuses one mailbox for %s', (_, reserved, fault) => {
    expect(faultsOf([aCategory('A')], reserved)).toEqual([expect.stringContaining(fault)]);
  });

  it('finds all faults at once', () => {
    const categories = [
      aCategory('A', { label: SCREENER, parent: 'X' }),
      aCategory('B', { group: 'A', mailbox: ERROR_LABEL }),
    ];
    expect(faultsOf(categories, RESERVED)).toHaveLength(4);
  });
});

describe('chainOf', () => {
  const [top, middle, bottom] = [
    aCategory('Top'),
    aCategory('Middle', { parent: 'Top' }),
    aCategory('Bottom', { parent: 'Middle' }),
  ];

  it.each([
    ['without a parent', top, ['Top']],
    ['with a parent', middle, ['Middle', 'Top']],
    ['with a grandparent', bottom, ['Bottom', 'Middle', 'Top']],
  ])('goes from the category up: %s', (_, category, names) => {
    expect(chainOf(category, [bottom, top, middle]).map(({ name }) => name)).toEqual(names);
  });
});

describe('names of mailboxes', () => {
  it.each([
    ['Inbox', true],
    ['INBOX', true],
    ['inbox', true],
    ['Inbox 2', false],
    ['', false],
  ])('%p stands for the role inbox: %p', (name, expected) => {
    expect(isInbox(name)).toBe(expected);
  });

  it.each([
    ['the Inbox, however it is written', 'INBOX', 'Inbox', true],
    ['composed and decomposed letters', 'Bu\u0308cher', 'Bücher', true],
    ['another case', 'feed', 'Feed', false],
  ])('compare %s', (_, one, other, same) => {
    expect(mailboxKey(one) === mailboxKey(other)).toBe(same);
  });
});
