import { marked, sentence, titled } from '../../src/screen/lines';
import { PLAIN } from '../../src/screen/screen';
import { wrap } from '../../src/screen/width';

const NARROW = { ...PLAIN, width: 20 };

describe('lines for a screen', () => {
  it('wraps at spaces, and keeps what is too long whole', () => {
    expect(sentence('node dist/run.js setup --apply makes a-word-of-more-than-20-letters', NARROW)).toEqual([
      'node dist/run.js',
      'setup --apply makes',
      'a-word-of-more-than-20-letters',
    ]);
    expect(wrap('日本語 日本語 日本語', 13)).toEqual(['日本語 日本語', '日本語']);
  });

  it('wraps nothing where there is no screen', () => {
    expect(sentence('a '.repeat(100), PLAIN)).toEqual(['a '.repeat(100)]);
  });

  it('sets what goes on below its beginning', () => {
    expect(marked('✗', 'bad', 'The contact group "Prison" is missing', NARROW)).toEqual([
      '✗ The contact group',
      '  "Prison" is',
      '  missing',
    ]);
    expect(
      titled(
        [
          ['Mail', 'Inbox 1, Feed 2, Jail 3'],
          ['', 'x'],
          ['New mail', 'none'],
        ],
        NARROW,
      ),
    ).toEqual(['Mail      Inbox 1,', '          Feed 2,', '          Jail 3', '          x', 'New mail  none']);
  });

  it('escapes what would be obeyed', () => {
    expect(titled([['Sender', 'a\u001b[2J']], PLAIN)).toEqual(['Sender  a\\u001b[2J']);
  });
});
