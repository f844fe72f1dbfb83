import { escapeInvisible } from '../printable';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Characters; what is longer is cut off. */
  readonly width: number;
  readonly align?: 'right';
}

/**
 * Lines of a table, each column as wide as it needs to be, made as they are asked for. What cells hold is shown, and
 * does nothing to the terminal.
 */
export function* textTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Generator<string> {
  const widths = columns.map((column) =>
    rows.reduce((most, row) => Math.max(most, lengthOf(cellOf(column, row))), lengthOf(column.title)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const padding = ' '.repeat((widths[index] ?? 0) - lengthOf(cell));
        return columns[index]?.align === 'right' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd();
  yield line(columns.map(({ title }) => title));
  for (const row of rows) yield line(columns.map((column) => cellOf(column, row)));
}

function cellOf<Row>({ cell, width }: Column<Row>, row: Row): string {
  const text = escapeInvisible(cell(row));
  return lengthOf(text) <= width
    ? text
    : `${Array.from(text, (one) => one)
        .slice(0, width - 1)
        .join('')}…`;
}

/** Characters, not code units. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
