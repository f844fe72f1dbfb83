import type { Runtime } from '../wiring/runtime';

/** What an answer is shown on. */
export interface Screen {
  /** Columns of the terminal. Undefined where there is none: nothing is wrapped or fitted then. */
  readonly width: number | undefined;
  readonly style: Style;
}

/** Gives a text its looks; nothing but the text where there is no colour. */
export type Style = Readonly<Record<Look, (text: string) => string>>;

export type Look = 'title' | 'faint' | 'good' | 'bad' | 'odd' | 'key';

/** Of a terminal that does not know its own. */
export const USUAL_WIDTH = 80;

/** Narrower ones are taken for this: nothing is readable below. */
const LEAST_WIDTH = 40;

/**
 * The screen behind stdout. Colour where it is a terminal, unless `NO_COLOR` is set (https://no-color.org: to
 * anything but nothing) or the terminal is a dumb one.
 */
export function screenOf({ stdout, environment }: Pick<Runtime, 'stdout' | 'environment'>): Screen {
  if (!stdout.isTTY) return PLAIN;
  const coloured = !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  return { width: Math.max(LEAST_WIDTH, stdout.columns || USUAL_WIDTH), style: styleOf(coloured) };
}

/** Select Graphic Rendition (ECMA-48, 8.3.117): what begins a look, and what ends it. */
const SGR: Readonly<Record<Look, readonly [begin: number, end: number]>> = {
  title: [1, 22],
  faint: [2, 22],
  good: [32, 39],
  bad: [31, 39],
  odd: [33, 39],
  key: [36, 39],
};

function styleOf(coloured: boolean): Style {
  const look = (name: Look) => (text: string) => {
    const [begin, end] = SGR[name];
    return coloured && text !== '' ? `\u001b[${begin}m${text}\u001b[${end}m` : text;
  };
  return {
    title: look('title'),
    faint: look('faint'),
    good: look('good'),
    bad: look('bad'),
    odd: look('odd'),
    key: look('key'),
  };
}

/** Pipes, files and programs. */
export const PLAIN: Screen = { width: undefined, style: styleOf(false) };
