import { readFileSync } from 'node:fs';
import { withoutUnreachable } from './left-out.mjs';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** What everything has in common that esbuild makes here. */
export const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Node's own modules by `require`, too: its loader of modules costs more than most of them.
  supported: { 'dynamic-import': false },
  define: { MAILROOM_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
};

/** The program: one file. What is imported by `import()` is in it, and is evaluated when it is asked for. */
export const PROGRAM = {
  ...COMMON,
  entryPoints: { run: 'src/run.ts' },
  outdir: 'dist',
  plugins: [withoutUnreachable],
  minify: true,
  metafile: true,
  sourcemap: 'external',
  legalComments: 'linked',
  // It is what `bin` of package.json names.
  banner: { js: '#!/usr/bin/env node' },
};
