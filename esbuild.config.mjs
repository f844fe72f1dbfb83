import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

const shared = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  define: { MAILROOM_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
};

const bundle = {
  ...shared,
  entryPoints: { run: 'src/run.ts' },
  outdir: 'dist',
  minify: true,
  sourcemap: 'external',
  legalComments: 'linked',
};
// For people and tests, never in the image: the demo on the embedded mail server, and the benchmark on Cyrus.
const others = {
  ...shared,
  entryPoints: { demo: 'tests/support/demo.ts', bench: 'tests/bench/bench.ts' },
  outdir: 'dist',
};

rmSync('dist', { recursive: true, force: true });
await Promise.all(
  (process.argv.includes('--bundle-only') ? [bundle] : [bundle, others]).map((options) => build(options)),
);
