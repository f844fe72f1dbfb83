import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { widthOf } from '../../src/screen/width';
import { describeWith } from '../support/requirement';
import { DOCUMENT, filesFor } from '../support/screens/document';
import { RECORDING, recordDemo } from '../support/screens/recording';
import { type Screens, takeScreens, WIDTHS } from '../support/screens/take';
import { terminalRequirement } from '../support/terminal';

describeWith(terminalRequirement, 'The screens of docs/commands.md', () => {
  let taken: ReadonlyMap<string, Screens>;

  beforeAll(async () => {
    taken = await takeScreens();
  }, 300_000);

  it('are what terminals show; `npm run screens` takes them anew', () => {
    for (const [path, content] of filesFor(readFileSync(DOCUMENT, 'utf8'), taken)) {
      expect({ path, content: readFileSync(path, 'utf8') }).toEqual({ path, content });
    }
  });

  it('have a recording of the demo beside them, which ends well', async () => {
    expect({ path: RECORDING, content: readFileSync(RECORDING, 'utf8') }).toEqual({
      path: RECORDING,
      content: await recordDemo(),
    });
  });

  it('fit the terminal, but for what is never cut', () => {
    for (const { plain } of taken.values()) {
      for (const width of WIDTHS) {
        expect((plain.get(width) ?? '').split('\n').filter((line) => widthOf(line) > width)).toEqual([]);
      }
    }
  });

  it('say the same with colour and without', () => {
    for (const { plain, coloured } of taken.values()) {
      for (const width of WIDTHS) {
        const text = stripVTControlCharacters(coloured.get(width) ?? '').replace(/ +$/gm, '');
        expect(text).toBe((plain.get(width) ?? '').replace(/ +$/gm, ''));
        expect(plain.get(width)).not.toContain('\u001b');
      }
    }
  });

  it('show the address behind a name that holds another one, whole and first', () => {
    const { plain } = taken.get('queue') as Screens;
    for (const width of WIDTHS) expect(plain.get(width)).toMatch(/^evil3@attacker\.example {2}/m);
  });
});
