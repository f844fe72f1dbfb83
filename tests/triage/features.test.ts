import { featureFaults, featureLabels } from '../../src/triage/features';

const UNSET = { undo: undefined, spam: undefined };

describe('labels of features', () => {
  it.each([
    ['have defaults', UNSET, ['@ToFeed'], { undo: '@ToScreener', spam: '@ToSpam' }],
    ['are those of the settings', { ...UNSET, spam: 'Spam!' }, [], { undo: '@ToScreener', spam: 'Spam!' }],
    ['leave a name alone that means something else', UNSET, ['@ToSpam'], { undo: '@ToScreener', spam: null }],
    ['leave a name alone that another has', { ...UNSET, spam: '@ToScreener' }, [], { undo: null, spam: '@ToScreener' }],
  ])('%s', (_, own, taken, labels) => {
    expect(featureLabels(own, taken)).toEqual(labels);
  });

  it.each([
    ['nothing that is not set', UNSET, ['@ToSpam', '@ToScreener'], []],
    [
      'a name that means something else',
      { ...UNSET, undo: 'INBOX' },
      ['Inbox'],
      ['the label "INBOX" is used twice; choose another label'],
    ],
    ['one name for two', { undo: 'Same', spam: 'Same' }, [], ['the label "Same" is used twice; choose another label']],
  ])('are at fault with %s', (_, own, taken, faults) => {
    expect(featureFaults(own, taken)).toEqual(faults);
  });
});
