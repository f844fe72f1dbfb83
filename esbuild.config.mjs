import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { COMMON, PROGRAM } from './src/bundle/options.mjs';
import { requireSmall } from './src/bundle/sizes.mjs';

// For people and tests, never in the image: the demo on the embedded mail server, and the benchmark on Cyrus.
const others = {
  ...COMMON,
  entryPoints: {
    demo: 'tests/support/demo.ts',
    bench: 'tests/bench/bench.ts',
    screens: 'tests/support/screens/screens.ts',
    letter: 'tests/support/letter-page/pictures.ts',
  },
  outdir: 'dist',
};

rmSync('dist', { recursive: true, force: true });
const [program] = await Promise.all(
  (process.argv.includes('--bundle-only') ? [PROGRAM] : [PROGRAM, others]).map((options) => build(options)),
);
writeFileSync('dist/run.meta.json', JSON.stringify(program.metafile));
requireSmall(program.metafile, 'dist/run.js');
chmodSync('dist/run.js', 0o755);
