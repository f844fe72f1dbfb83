import { commandNamed } from '../../arguments/arguments';
import { isCommand } from '../../arguments/commands';
import { screenOf, USUAL_WIDTH } from '../../screen/screen';
import { printOn, type Start } from '../../wiring/runtime';
import { overview, page } from './help';

export const start: Start = async (runtime, { words: [word] }) => {
  // Pagers and files show lines of the usual width.
  const { width = USUAL_WIDTH, style } = screenOf(runtime);
  const screen = { width, style };
  const lines = word === undefined ? overview(screen) : page(isCommand(word) ? word : await commandNamed(word), screen);
  return printOn(runtime)(lines.join('\n'));
};
