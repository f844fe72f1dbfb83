import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { COMMAND_NAMES, typed } from '../../src/arguments/commands';
import { SETTING_NAMES } from '../../src/config';
import { EXIT } from '../../src/errors';
import { faultyLines } from '../../src/wiring/dot-env';
import { parseYaml } from '../../src/yaml';
import { fencedBlocks } from '../support/fenced-blocks';

const README = readFileSync('README.md', 'utf8');

describe('The README', () => {
  it('has every setting in its table, and no other', () => {
    const named = [...README.matchAll(/^\| `(MAILROOM_\w+)` \|/gm)].map(([, name]) => name);
    expect([...named].sort()).toEqual([...SETTING_NAMES].sort());
  });

  it('names every command and every exit status', () => {
    for (const name of COMMAND_NAMES) {
      if (name !== 'help' && name !== 'version') expect(README).toMatch(new RegExp(`^\\| \`${typed(name)}[ \`]`, 'm'));
    }
    for (const status of new Set(Object.values(EXIT))) expect(README).toMatch(new RegExp(`^\\| ${status} \\|`, 'm'));
  });

  it('shows categories in .env that say the same as those in YAML', async () => {
    const blocks = await fencedBlocks('README.md');
    const yaml = blocks.find(({ text }) => text.startsWith('MAILROOM_CATEGORIES: |'))?.text ?? '';
    const dotEnv = blocks.find(({ text }) => text.startsWith("MAILROOM_CATEGORIES='"))?.text ?? '';
    expect(faultyLines(dotEnv)).toEqual([]);
    expect(faultyLines(yaml)).not.toEqual([]);
    const { MAILROOM_CATEGORIES: fromYaml } = parseYaml(yaml) as { readonly MAILROOM_CATEGORIES: string };
    const fromDotEnv = parseEnv(dotEnv)['MAILROOM_CATEGORIES'] ?? '';
    expect(parseYaml(fromDotEnv)).toEqual(parseYaml(fromYaml));
    expect(parseYaml(fromDotEnv)).toHaveLength(4);
  });

  it('leads to files that are there', () => {
    for (const [, path = ''] of README.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      expect({ path, there: existsSync(path) }).toEqual({ path, there: true });
    }
    for (const [, workflow = ''] of README.matchAll(/\/actions\/workflows\/([^/)]+)/g)) {
      expect(existsSync(join('.github/workflows', workflow))).toBe(true);
    }
  });
});
