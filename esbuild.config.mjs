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

rmSync('dist', { recursive: true, force: true });
await Promise.all([
  build({
    ...shared,
    entryPoints: { run: 'src/run.ts' },
    outdir: 'dist',
    minify: true,
    sourcemap: 'external',
    legalComments: 'linked',
  }),
  // For people and tests, never in the image: the demo on the embedded mail server, and the benchmark on Cyrus.
  build({
    ...shared,
    entryPoints: { demo: 'tests/support/demo.ts', bench: 'tests/bench/bench.ts' },
    outdir: 'dist',
  }),
]);
