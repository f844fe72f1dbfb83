import { featureFaults, featureLabels } from '../../src/triage/features';

const UNSET = { domains: undefined, lists: undefined, undo: undefined, spam: undefined };
const DEFAULTS = { domains: '@WholeDomain', lists: '@WholeList', undo: '@ToScreener', spam: '@ToSpam' };

describe('labels of features', () => {
  it.each([
    ['have defaults', UNSET, ['@ToFeed'], DEFAULTS],
    ['are those of the settings', { ...UNSET, spam: 'Spam!' }, [], { ...DEFAULTS, spam: 'Spam!' }],
    ['leave a name alone that means something else', UNSET, ['@ToSpam'], { ...DEFAULTS, spam: null }],
    [
      'leave a name alone that another has',
      { ...UNSET, spam: '@ToScreener' },
      [],
      { ...DEFAULTS, undo: null, spam: '@ToScreener' },
    ],
  ])('%s', (_, own, taken, labels) => {
    expect(featureLabels(own, taken)).toEqual(labels);
  });

  it('are none of features that are off, unless the settings name them', () => {
    expect(featureLabels({ ...UNSET, lists: 'List!' }, [], ['domains', 'lists'])).toEqual({
      ...DEFAULTS,
      domains: null,
      lists: 'List!',
    });
  });

  it.each([
    ['nothing that is not set', UNSET, ['@ToSpam', '@ToScreener'], []],
    ['no name that is used once', { ...UNSET, undo: 'Undo!', spam: 'Spam!' }, ['@ToFeed'], []],
    [
      'a name that means something else',
      { ...UNSET, undo: 'INBOX' },
      ['Inbox'],
      ['the label "INBOX" is used twice; choose another label'],
    ],
    [
      'one name for two',
      { ...UNSET, undo: 'Same', spam: 'Same' },
      [],
      ['the label "Same" is used twice; choose another label'],
    ],
  ])('are at fault with %s', (_, own, taken, faults) => {
    expect(featureFaults(own, taken)).toEqual(faults);
  });
});
