import { parseEnv } from 'node:util';
import { faultyLines } from '../../src/wiring/dot-env';
import { timeRatio } from '../support/time-ratio';

const BLOCK = `MAILROOM_JMAP_TOKEN=token

MAILROOM_CATEGORIES: |
  - name: Imbox
    mailbox: Inbox
  - Feed
MAILROOM_LOG_LEVEL=debug
  - Work`;

describe('a .env file', () => {
  it.each([
    ['', []],
    ['# a comment\n\n  # another\nA=1\nB = 2\nexport C=3\n  D=\r\nE="a b" # c\n', []],
    ["A='\n- name: Imbox # not a comment\n  mailbox: Inbox\n- Feed\n'\nB=1\n", []],
    ['A="one\ntwo" # c\n', []],
    ['A=a # comment\n', []],
    ['\ufeffA=1', []],
    [BLOCK, ['lines 3 to 6, 8 are no assignment']],
    ['MAILROOM_JMAP_TOKEN: abc', ['line 1 is no assignment']],
    ['A\t=1', ['line 1 is no assignment']],
    ['=1\nMAILROOM JMAP=1', ['lines 1 to 2 are no assignment']],
    ['A=1\nB="two\nC=3', ['line 2 begins a value with " that has no end']],
    ['A="b"c"', ['line 1 has something after the closing quote']],
    ["A='b\nc' d", ['line 1 has something after the closing quote']],
    ['A=b#c', ['line 1 has a # in a value without quotes, which would end it']],
    ['A=b#c\nD', ['line 2 is no assignment', 'line 1 has a # in a value without quotes, which would end it']],
  ])('%j', (text, faults) => {
    expect(faultyLines(text)).toEqual(faults);
  });

  it('is read by Node.js as it stands, where nothing is wrong with it', () => {
    const pieces = ['A=1', 'B = "2 # 3" # c', "export C='x\ny = z'", '# c="', '', 'D=`a"b`', 'E=', ' F=a b '];
    for (let seed = 0; seed < 500; seed += 1) {
      const chosen = pieces.filter((_, index) => (seed >> (index % 9)) & 1);
      const text = chosen.join(seed % 2 === 0 ? '\n' : '\r\n');
      expect(faultyLines(text)).toEqual([]);
      const names = chosen.flatMap((piece) => /^ ?(?:export )?([A-Z])/.exec(piece)?.[1] ?? []);
      expect(Object.keys(parseEnv(text)).sort()).toEqual(names.sort());
    }
  });

  it('takes a time that grows with its length alone', () => {
    const inputOf = (length: number): string => {
      const lines = length / 20;
      return `${'A="x"\nnothing\nB=#\n'.repeat(lines)}C="${'x\n'.repeat(lines)}`;
    };
    expect(timeRatio(inputOf, faultyLines)).toBeLessThan(20);
  });
});
