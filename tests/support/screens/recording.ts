import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openTerminal } from '../terminal';
import { CLOCK_OPTIONS } from './scenes';
import { lineElement, picture, ROW_HEIGHT, STYLES } from './svg';

export const RECORDING = 'docs/demo.svg';

const COLUMNS = 80;
/** Rows of the picture; the demo scrolls through them. */
const ROWS = 30;

/** Seconds between two lines, and before a part of the demo that is to be read first. */
const PACE = { line: 0.08, part: 2.5 };

/** Plays the demo on a terminal, and gives a picture that shows it line by line. */
export async function recordDemo(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-demo-'));
  const terminal = await openTerminal({
    columns: COLUMNS,
    rows: 200,
    folder,
    env: { ...CLOCK_OPTIONS },
    command: ['node', resolve('dist/demo.js')],
  });
  try {
    const status = await terminal.ended();
    const shown = (await terminal.shown(true)).trim();
    if (status !== 0) throw new Error(`The demo ended with ${status}:\n${shown}`);
    return animated(shown.split('\n'));
  } finally {
    await terminal.close();
    await rm(folder, { recursive: true });
  }
}

/**
 * What stands there before the first command is there from the first frame, and without animations (where the reader wants
 * none, or the viewer knows none) every line is: the picture is never empty.
 */
function animated(lines: readonly string[]): string {
  const opening = lines.findIndex(isCommand);
  let time = 0;
  const times = lines.map((line, index) => {
    if (index < opening) return 0;
    const begins = lines[index - 1] === '' || isCommand(line);
    time += begins ? PACE.part : PACE.line;
    return time;
  });
  const percent = (at: number): string => `${Math.round((at / time) * 10_000) / 100}%`;
  const scrolled = times.flatMap((at, index) =>
    index < ROWS ? [] : [`${percent(at)}{transform:translateY(${-(index - ROWS + 1) * ROW_HEIGHT}px)}`],
  );
  const style = [
    STYLES,
    '.l{animation:l .01s backwards}@keyframes l{from{opacity:0}}',
    `.s{animation:s ${time.toFixed(2)}s step-end forwards}@keyframes s{${scrolled.join('')}}`,
    '@media (prefers-reduced-motion:reduce){.l,.s{animation:none}}',
  ].join('');
  const rows = lines
    .map((line, index) => ({ row: lineElement(line, index), at: times[index] ?? 0 }))
    .filter(({ row }) => row !== '')
    .map(({ row, at }) => (at === 0 ? row : `<g class="l" style="animation-delay:${at.toFixed(2)}s">${row}</g>`));
  return picture({
    title: 'The demo: mail waits, Mailroom runs, backlogs are filed, later mail lands in its place',
    columns: COLUMNS,
    rows: ROWS,
    style,
    content: `<g class="s">\n${rows.join('\n')}\n</g>`,
  });
}

function isCommand(line: string): boolean {
  return line.includes('$ node');
}
