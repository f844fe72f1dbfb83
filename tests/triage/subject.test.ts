import { mailtoAddress } from '../../src/triage/address';
import type { Message } from '../../src/triage/message';
import { senderOf } from '../../src/triage/sender';
import { keyOf, listOf, nameOf, postingAddressOf, subjectAt, subjectsOf } from '../../src/triage/subject';
import { aListMessage, aMessage } from '../support/builders';

const LIST = 'posts@list.example';

describe('a subject', () => {
  it.each([
    [{ kind: 'sender', address: 'ann@shop.example' }, 'ann@shop.example', 'ann@shop.example'],
    [{ kind: 'domain', address: '*@shop.example' }, '*@shop.example', 'all of shop.example'],
    [{ kind: 'list', address: LIST }, `list:${LIST}`, `the list ${LIST}`],
    [{ kind: 'sender', address: `list:${LIST}` }, `mailto:list:${LIST}`, `list:${LIST}`],
  ] as const)('%j is %s for programs, and %s for people', (subject, key, name) => {
    expect([keyOf(subject), nameOf(subject)]).toEqual([key, name]);
  });

  it('is a domain where an address stands for all of one', () => {
    expect([subjectAt('*@shop.example'), subjectAt('a*@shop.example')].map(({ kind }) => kind)).toEqual([
      'domain',
      'sender',
    ]);
  });
});

describe('whose verdicts may rule a message', () => {
  it.each<[string, Message, readonly string[]]>([
    [
      'its sender’s and its domain’s',
      aMessage('1', 'Ann <ANN@shop.example>', []),
      ['ann@shop.example', '*@shop.example'],
    ],
    [
      'those of the lists that it is addressed to, each once',
      { ...aMessage('1', 'a@x.example', []), recipients: [LIST, 'me@home.example', LIST] },
      ['a@x.example', '*@x.example', `list:${LIST}`, 'list:me@home.example'],
    ],
    [
      'no list’s that would be a whole domain’s, or is no address',
      { ...aMessage('1', 'a@x.example', []), recipients: ['*@list.example', 'undisclosed', 'mailto:x@y'] },
      ['a@x.example', '*@x.example'],
    ],
    ['nobody’s without a sender', { ...aMessage('1', null, []), recipients: [LIST] }, []],
    ['nobody’s where the sender is a whole domain', aMessage('1', '*@bank.example', []), []],
    ['that of the domain behind the last @', aMessage('1', '"a@b"@x.example', []), ['"a@b"@x.example', '*@x.example']],
  ])('%s', (_, message, keys) => {
    expect(subjectsOf(message).map(keyOf)).toEqual(keys);
  });
});

it.each(['*@bank.example', '*@BANK.example'])('%s is no sender', (from) => {
  expect(senderOf(aMessage('1', from, []))).toBeNull();
});

describe('the list of a message', () => {
  const message = (listPost: readonly string[], recipients: readonly string[] = [LIST]) =>
    aListMessage('1', 'a@x.example', [], { listPost, recipients });

  it.each<[string, Message, string | null, boolean]>([
    ['is its List-Post’s', message([`mailto:${LIST}`]), LIST, true],
    ['is told whatever its case', message([`MAILTO:Posts@List.Example`]), LIST, true],
    ['is told with a subject', message([`mailto:${LIST}?subject=Post`]), LIST, true],
    ['is told when encoded', message(['mailto:posts%40list.example']), LIST, true],
    ['is the first mailto', message(['https://list.example', `mailto:${LIST}`, 'mailto:x@y.example']), LIST, true],
    ['is none where nobody may post', message([]), null, false],
    ['is none with a web page alone', message(['https://list.example']), null, false],
    ['is none with several addresses in one', message([`mailto:${LIST},x@y.example`]), null, false],
    ['is none where the address is broken', message(['mailto:%zz@list.example']), null, false],
    [
      'is none where the address is a whole domain',
      message(['mailto:*@list.example'], ['*@list.example']),
      null,
      false,
    ],
    ['is none that it is not addressed to', message([`mailto:${LIST}`], ['me@home.example']), LIST, false],
    ['is none where nobody asked', aMessage('1', 'a@x.example', []), null, false],
  ])('%s', (_, one, posting, isAddressed) => {
    expect([postingAddressOf(one), listOf(one)]).toEqual([
      posting,
      isAddressed ? { kind: 'list', address: posting } : null,
    ]);
  });
});

it('an address in a mailto is folded', () => {
  expect(mailtoAddress('mailto:ANN@X.Example')).toBe('ann@x.example');
  expect(mailtoAddress(' mailto:ann@x.example\n')).toBe('ann@x.example');
  expect(mailtoAddress('xmailto:ann@x.example')).toBeNull();
  expect(mailtoAddress('mailto:%zz@x.example')).toBeNull();
});
