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
  // What the compiler checks is strict in any case; said once, it need not stand in each of two hundred modules.
  tsconfigRaw: { compilerOptions: { alwaysStrict: false } },
  // The first line: `bin` of package.json names the file.
  banner: { js: '#!/usr/bin/env node\n"use strict";' },
};
