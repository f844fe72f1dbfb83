import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FencedBlock } from './fenced-blocks';

/** What overlays of docs/deploy.md build on. */
const BASE = /https:\/\/github\.com\/hellothisisflo\/mailroom\/\/(deploy[\w/]*)\?ref=v[\d.]+/g;

/** Writes the files that blocks of a document are; overlays build on `deploy/` beside them, not on the repository. */
export async function writeDocumentedFiles(folder: string, blocks: readonly FencedBlock[]): Promise<void> {
  for (const { file, text } of blocks) {
    if (file === undefined) continue;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text.replace(BASE, '../$1'));
  }
}
