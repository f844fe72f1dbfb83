import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DOCUMENT, filesFor } from './document';
import { RECORDING, recordDemo } from './recording';
import { takeScreens } from './take';

/** Writes the screens into the document that shows them, and the recording of the demo beside it. */
async function main(): Promise<void> {
  const files = new Map([
    ...filesFor(readFileSync(DOCUMENT, 'utf8'), await takeScreens()),
    [RECORDING, await recordDemo()],
  ]);
  for (const [path, content] of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
