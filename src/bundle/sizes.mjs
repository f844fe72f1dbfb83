/** Bytes that `dist/run.js` may have. It is parsed at each start, on a tenth of a core. */
export const MOST_BYTES = 369_000;

/**
 * The bytes that each package has in a bundle, the largest first; `Mailroom` is our own code.
 *
 * @param metafile esbuild's
 * @param output the bundle's path in it
 */
export function sizesByPackage({ outputs }, output) {
  const sizes = new Map();
  for (const [path, { bytesInOutput }] of Object.entries(outputs[output].inputs)) {
    const name = packageOf(path);
    sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput);
  }
  return [...sizes].sort(([, one], [, other]) => other - one);
}

/** The package that a file is of. */
export function packageOf(path) {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? 'Mailroom';
}

/** Throws where the bundle is larger than it may be, with what it is made of. */
export function requireSmall(metafile, output) {
  const { bytes } = metafile.outputs[output];
  if (bytes <= MOST_BYTES) return;
  const parts = sizesByPackage(metafile, output).map(([name, size]) => `\n  ${String(size).padStart(7)} ${name}`);
  throw new Error(`${output} has ${bytes} bytes, and may have ${MOST_BYTES}:${parts.join('')}`);
}
