const { transformSync, version } = require('esbuild');
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const ky = require('../../src/bundle/ky.cjs');

const self = readFileSync(__filename, 'utf8');

/** Turns TypeScript and ESM-only packages into the CommonJS that jest runs. */
module.exports = {
  getCacheKey: (source, path) => createHash('sha1').update(`${version}\0${self}\0${path}\0${source}`).digest('hex'),
  process: (source, path) =>
    transformSync(ky.MODULE.test(path) ? ky.onOwnMessages(source) : source, {
      loader: path.endsWith('.ts') ? 'ts' : 'js',
      format: 'cjs',
      target: 'node20',
      platform: 'node',
      // As in the bundle, `import()` is a `require` that waits for its turn.
      supported: { 'dynamic-import': false },
      sourcefile: path,
      sourcemap: 'inline',
      define: { MAILROOM_VERSION: '"test"' },
    }),
};
