import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { build } from 'esbuild';
import { changed } from '../../src/bundle/left-out.mjs';
import { PROGRAM } from '../../src/bundle/options.mjs';
import { packageOf } from '../../src/bundle/sizes.mjs';

/**
 * Makes the program so that each of its modules says when it is evaluated: the process leaves the names, and those of
 * Node's own modules that it loaded, in the file that EVALUATED names. The argument is the path to write to.
 */
const [, , outfile] = process.argv;

const marking = {
  name: 'marking',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const source = changed(path, await readFile(path, 'utf8'));
      const name = JSON.stringify(`${packageOf(path)}: ${relative('.', path)}`);
      return { contents: `global.evaluated.push(${name});\n${source}`, loader: path.endsWith('ts') ? 'ts' : 'js' };
    });
  },
};

const BANNER = `global.evaluated = [];
process.once('exit', () => {
  const { evaluated } = global;
  const nodes = process.moduleLoadList.map((name) => name.replace('NativeModule ', ''));
  require('node:fs').writeFileSync(process.env.EVALUATED, JSON.stringify({ modules: evaluated, nodes }));
});`;

const { entryPoints, outdir, ...options } = PROGRAM;
await build({
  ...options,
  entryPoints: [entryPoints.run],
  outfile,
  sourcemap: false,
  banner: { js: BANNER },
  // The first that answers for a module is the one that counts.
  plugins: [marking, ...options.plugins],
});
