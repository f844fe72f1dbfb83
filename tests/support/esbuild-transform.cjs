const { transformSync, version } = require('esbuild');
const { createHash } = require('node:crypto');

/** Turns TypeScript and ESM-only packages into the CommonJS that jest runs. */
module.exports = {
  getCacheKey: (source, path) => createHash('sha1').update(`${version}\0${path}\0${source}`).digest('hex'),
  process: (source, path) =>
    transformSync(source, {
      loader: path.endsWith('.ts') ? 'ts' : 'js',
      format: 'cjs',
      target: 'node20',
      platform: 'node',
      sourcefile: path,
      sourcemap: 'inline',
      define: { MAILROOM_VERSION: '"test"' },
    }),
};
