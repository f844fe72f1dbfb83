import { escapeInvisible } from '../printable';

export interface Column {
  readonly title: string;
  /** Characters; what is longer is cut off. */
  readonly width: number;
  readonly align?: 'right';
}

/** Lines of a table, each column as wide as it needs to be. What cells hold is shown, and does nothing to the terminal. */
export function textTable(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const lines = [columns.map(({ title }) => title), ...rows].map((cells) =>
    columns.map(({ width }, index) => cut(escapeInvisible(cells[index] ?? ''), width)),
  );
  const widths = columns.map((_, index) => lines.reduce((most, cells) => Math.max(most, lengthOf(cells[index])), 0));
  return lines.map((cells) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        const padding = ' '.repeat((widths[index] ?? 0) - lengthOf(cell));
        return align === 'right' ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd(),
  );
}

function cut(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

function lengthOf(text = ''): number {
  return Array.from(text).length;
}
