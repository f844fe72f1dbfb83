import { type Column, textTable } from '../../src/commands/text-table';

interface Row {
  readonly name: string;
  readonly count: number;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'NAME', width: 8, cell: ({ name }) => name },
  { title: 'COUNT', width: 5, cell: ({ count }) => String(count), align: 'right' },
  { title: 'NOTE', width: 5, cell: ({ count }) => (count > 1 ? 'many' : '') },
];

function table(...rows: readonly Row[]): readonly string[] {
  return [...textTable(COLUMNS, rows)];
}

describe('a table', () => {
  it('is as wide as it needs to be, without spaces at the end', () => {
    expect(table({ name: 'Ann', count: 1 }, { name: 'Bobby', count: 12 })).toEqual([
      'NAME   COUNT  NOTE',
      'Ann        1',
      'Bobby     12  many',
    ]);
  });

  it('cuts off what is too long, and no character in two', () => {
    expect(table({ name: '😀😀😀😀😀😀😀😀😀', count: 1 })[1]).toBe('😀😀😀😀😀😀😀…      1');
    expect(table({ name: '12345678', count: 1 })[1]).toBe('12345678      1');
  });

  it('shows what a cell holds and keeps the terminal from obeying it', () => {
    expect(table({ name: 'a\n\u001b', count: 1 })[1]).toBe('a\\u000a…      1');
    expect(table({ name: '\u202ea', count: 1 })[1]).toBe('\\u202ea      1');
  });
});
