import { escapeInvisible } from '../printable';
import type { Screen } from './screen';
import { cut, pad, widthOf, wrap } from './width';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  readonly align?: 'right';
  /**
   * For cells that may be cut, such as what people call themselves: columns that are enough, and those that have to be
   * left when the screen is narrow. Without it no cell is ever cut.
   */
  readonly gives?: { readonly most: number; readonly least: number };
  /** True where the column is left out of a screen that is too narrow for all; the last one goes first. */
  readonly spare?: true;
}

export interface TableOptions<Row> {
  /** A remark on a row, in a line below it. */
  readonly remark?: (row: Row) => string | undefined;
  /** True for a table without titles. */
  readonly untitled?: true;
}

/** Between two columns. */
const GAP = '  ';

/** Without a screen one long address does not move all rows to the right. */
const WIDEST_FIRST_CELL = 60;

/** Nothing that is shown of a cell that may be cut is further away than this. Code units. */
const LONGEST_LOOK = 1_000;

/**
 * The lines of a table, made as they are asked for. Columns without content are left out. It fits the screen: spare
 * columns go first, then cells that may be cut give way, the widest first. A first cell that takes more than half of the
 * screen has a line of its own. What cells hold is shown, and does nothing to the terminal.
 */
export function* table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  screen: Screen,
  { remark, untitled }: TableOptions<Row> = {},
): Generator<string> {
  const { width, style } = screen;
  const widestFirst = width === undefined ? WIDEST_FIRST_CELL : Math.floor(width / 2);
  const measured = columns.flatMap((column, index) => {
    const wide = widestCell(column, rows, index === 0 ? widestFirst : Number.POSITIVE_INFINITY);
    return wide === 0 ? [] : { ...column, wide: Math.max(wide, untitled ? 0 : widthOf(column.title)) };
  });
  const shown = width === undefined ? measured : fitted(measured, width);
  if (!untitled) yield style.title(lineOf(shown, ({ title }) => title));
  for (const row of rows) {
    const [first] = shown;
    const cell = first === undefined ? '' : cellOf(first, row);
    const stands = width !== undefined && first !== undefined && !first.gives && widthOf(cell) > first.wide;
    if (stands) yield cell;
    yield lineOf(shown, (column) => (stands && column === first ? '' : shownCell(column, row)));
    const text = remark?.(row);
    if (text === undefined) continue;
    const lines = wrap(escapeInvisible(text), width === undefined ? width : width - GAP.length);
    yield* lines.map((one) => GAP + style.odd(one));
  }
}

type Measured<Row> = Column<Row> & { readonly wide: number };

function widestCell<Row>(column: Column<Row>, rows: readonly Row[], most: number): number {
  return rows.reduce((widest, row) => {
    const width = widthOf(cellOf(column, row));
    // A cell that has a line of its own does not widen the column for the others.
    if (column.gives === undefined) return width > most ? Math.max(widest, 1) : Math.max(widest, width);
    return Math.max(widest, Math.min(width, column.gives.most));
  }, 0);
}

function fitted<Row>(columns: readonly Measured<Row>[], width: number): readonly Measured<Row>[] {
  const sum = (of: (column: Measured<Row>) => number): number =>
    columns.reduce((total, column) => total + of(column) + GAP.length, -GAP.length);
  const surplus = sum(({ wide }) => wide) - width;
  if (surplus <= 0) return columns;
  const spare = columns.findLast((column) => column.spare);
  if (spare !== undefined && sum(leastOf) > width) {
    const others = columns.filter((column) => column !== spare);
    return fitted(others, width);
  }
  return narrow(columns, surplus);
}

/** Takes so many screen columns away where it can, one after the other from the widest that gives way. */
function narrow<Row>(columns: readonly Measured<Row>[], surplus: number): readonly Measured<Row>[] {
  if (surplus <= 0) return columns;
  const giving = columns.filter((column) => column.wide > leastOf(column));
  const [widest] = giving.toSorted((one, other) => other.wide - one.wide);
  if (widest === undefined) return columns;
  const narrower = columns.map((column) => (column === widest ? { ...column, wide: column.wide - 1 } : column));
  return narrow(narrower, surplus - 1);
}

function leastOf<Row>({ wide, gives }: Measured<Row>): number {
  return Math.min(wide, gives?.least ?? wide);
}

function lineOf<Row>(columns: readonly Measured<Row>[], textOf: (column: Measured<Row>) => string): string {
  return columns
    .map((column) => pad(textOf(column), column.wide, column.align))
    .join(GAP)
    .trimEnd();
}

function shownCell<Row>(column: Measured<Row>, row: Row): string {
  const cell = cellOf(column, row);
  return column.gives === undefined ? cell : cut(cell, column.wide);
}

function cellOf<Row>({ cell, gives }: Column<Row>, row: Row): string {
  const text = escapeInvisible(cell(row));
  // Marks piled upon one letter would reach into the lines above and below.
  return gives === undefined ? text : text.slice(0, LONGEST_LOOK).replace(/(\p{M}{4})\p{M}+/gu, '$1');
}
