import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DOCUMENT, filesFor } from './document';
import { takeScreens } from './take';

/** Writes the screens into the document that shows them. */
async function main(): Promise<void> {
  for (const [path, content] of filesFor(readFileSync(DOCUMENT, 'utf8'), await takeScreens())) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
