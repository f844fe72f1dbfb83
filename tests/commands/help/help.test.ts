import { COMMAND_NAMES, formOf, typed } from '../../../src/arguments/commands';
import { overview, page } from '../../../src/commands/help/help';
import { PROGRAM } from '../../../src/program';
import { PLAIN, screenOf } from '../../../src/screen/screen';
import { widthOf } from '../../../src/screen/width';

const SCREENS = [80, 120].map((width) => ({ ...PLAIN, width }));

describe('the list of commands', () => {
  it('names each with its summary', () => {
    const text = overview(PLAIN).join('\n');
    for (const name of COMMAND_NAMES) {
      expect(text).toMatch(new RegExp(`^ {2}${typed(name)} +${formOf(name).summary.slice(0, 20)}`, 'm'));
    }
  });
});

describe.each(COMMAND_NAMES)('the page of %s', (name) => {
  const text = page(name, PLAIN).join('\n');

  it('has every use, option, example and exit status', () => {
    const { usage, options, examples, exits } = formOf(name);
    for (const use of usage) expect(text).toContain(`  ${PROGRAM} ${use}`);
    for (const option of Object.keys(options)) expect(text).toMatch(new RegExp(`^ {2}--${option}\\b`, 'm'));
    for (const [line] of examples) expect(text).toContain(`${PROGRAM} ${line}`);
    for (const status of [64, 74, ...exits.map(([each]) => each)]) {
      expect(text).toMatch(new RegExp(`^ {2}${status} +\\S`, 'm'));
    }
  });
});

it.each(SCREENS)('all of it fits a screen of $width columns', (screen) => {
  const program = widthOf(PROGRAM);
  const pages = [overview(screen), ...COMMAND_NAMES.map((name) => page(name, screen))].flat();
  // The program's name in a test is longer than anybody's.
  const tooWide = pages.filter((line) => widthOf(line) - (line.includes(PROGRAM) ? program - 16 : 0) > screen.width);
  expect(tooWide).toEqual([]);
});

it('has colour on a terminal that wants some', () => {
  const { style } = screenOf({ stdout: { isTTY: true, columns: 80 } as never, environment: {} });
  expect(page('setup', { ...PLAIN, style })[0]).toBe('\u001b[1mUsage\u001b[22m');
});
