import { PLAIN, screenOf } from '../../src/screen/screen';
import { type Column, table } from '../../src/screen/table';
import { widthOf } from '../../src/screen/width';

interface Row {
  readonly address: string;
  readonly name?: string;
  readonly count?: number;
  readonly since?: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'SENDER', cell: ({ address }) => address },
  { title: 'NAME', cell: ({ name = '' }) => name, gives: { most: 20, least: 6 } },
  { title: 'MAIL', cell: ({ count }) => (count === undefined ? '' : String(count)), align: 'right' },
  { title: 'SINCE', cell: ({ since = '' }) => since, spare: true },
];

const at = (width: number, ...rows: readonly Row[]) => [...table(COLUMNS, rows, { ...PLAIN, width })];
const piped = (...rows: readonly Row[]) => [...table(COLUMNS, rows, PLAIN)];

describe('a table', () => {
  it('is as wide as it needs to be, without spaces at the end, and leaves out columns without content', () => {
    expect(piped({ address: 'a@x.example', count: 1 }, { address: 'bobby@x.example', count: 12 })).toEqual([
      'SENDER           MAIL',
      'a@x.example         1',
      'bobby@x.example    12',
    ]);
  });

  it('cuts names on a narrow screen, never addresses', () => {
    expect(at(40, { address: 'ann@sender.example', name: 'Ann of the long name', count: 3 })).toEqual([
      'SENDER              NAME            MAIL',
      'ann@sender.example  Ann of the lo…     3',
    ]);
  });

  it('leaves a spare column out where the screen is too narrow, and shows it where it is wide enough', () => {
    const row = { address: 'ann@sender.example', name: 'Ann of the long name', count: 3, since: '2026-01-15' };
    expect(at(40, row)[0]).toBe('SENDER              NAME            MAIL');
    expect(at(46, row)[1]).toBe('ann@sender.example  Ann of…      3  2026-01-15');
    expect(at(80, row)[1]).toBe('ann@sender.example  Ann of the long name     3  2026-01-15');
  });

  it('gives an address that is wider than half of the screen a line of its own', () => {
    const address = `${'a'.repeat(60)}@x.example`;
    expect(at(60, { address, name: 'Ann' }, { address: 'bob@x.example', name: 'Bob' })).toEqual([
      'SENDER         NAME',
      address,
      '               Ann',
      'bob@x.example  Bob',
    ]);
  });

  it('keeps each row on its line where there is no screen', () => {
    const address = `${'a'.repeat(100)}@x.example`;
    expect(piped({ address, name: 'Ann' }, { address: 'bob@x.example', name: 'Bob' })).toEqual([
      'SENDER         NAME',
      `${address}  Ann`,
      'bob@x.example  Bob',
    ]);
  });

  it.each([
    ['wide letters', '日本語の名前はここまで長い', '日本語の名前はここ…'],
    [
      'emoji',
      '👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦',
      '👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦…',
    ],
    ['marks on letters', 'Ame\u0301lie', 'Ame\u0301lie'],
    ['marks piled up', `Z${'\u0301'.repeat(500)}algo`, `Z${'\u0301'.repeat(4)}algo`],
    ['controls', 'a\n\u001b[2Jb', 'a\\u000a\\u001b[2Jb'],
    ['directions', 'a\u202eb', 'a\\u202eb'],
    ['nothing to see', 'pay\u200bpal\u00ad', 'pay\\u200bpal\\u00ad'],
  ])('keeps its columns with %s', (_, name, shown) => {
    const [, first = '', second = ''] = at(
      80,
      { address: 'a@x.example', name, count: 1 },
      { address: 'b@x.example', name: 'x'.repeat(20), count: 2 },
    );
    expect(first).toContain(`a@x.example  ${shown}`);
    expect(widthOf(first)).toBe(widthOf(second));
  });

  it('takes a hostile name of a megabyte for a long name', () => {
    const [, line = ''] = at(80, { address: 'a@x.example', name: 'x\u200b'.repeat(500_000) });
    expect(widthOf(line)).toBe(33);
  });

  it('breaks a remark where the screen ends', () => {
    const remark = () => 'this name is known as ann@another.example, ann@third.example';
    expect([...table(COLUMNS, [{ address: 'a@x.example' }], { ...PLAIN, width: 50 }, { remark })].slice(2)).toEqual([
      '  this name is known as ann@another.example,',
      '  ann@third.example',
    ]);
  });

  it('says a remark below its row, and titles in bold', () => {
    const screen = screenOf({ stdout: { isTTY: true, columns: 80 } as never, environment: {} });
    expect([
      ...table(COLUMNS, [{ address: 'a@x.example' }], screen, { remark: () => 'known as\u001b b@x.example' }),
    ]).toEqual(['\u001b[1mSENDER\u001b[22m', 'a@x.example', '  \u001b[33mknown as\\u001b b@x.example\u001b[39m']);
  });
});

describe('the screen', () => {
  it.each([
    [{ isTTY: true, columns: 120 }, {}, 120, true],
    [{ isTTY: true, columns: 120 }, { NO_COLOR: '1' }, 120, false],
    [{ isTTY: true, columns: 120 }, { NO_COLOR: '' }, 120, true],
    [{ isTTY: true, columns: 120 }, { TERM: 'dumb' }, 120, false],
    [{ isTTY: true, columns: 0 }, {}, 80, true],
    [{ isTTY: true, columns: 7 }, {}, 40, true],
    [{}, {}, undefined, false],
    [{ columns: 100 }, {}, undefined, false],
  ])('of %j with %j is %s wide, in colour: %s', (stdout, environment, width, colour) => {
    const screen = screenOf({ stdout: stdout as never, environment });
    expect([screen.width, screen.style.good('x') !== 'x']).toEqual([width, colour]);
  });
});
