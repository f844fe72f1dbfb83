import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Requirement } from '../requirement';

const run = promisify(execFile);

export const browserRequirement: Requirement = {
  name: 'a browser (Chromium)',
  install: 'apt-get install chromium',
  missing: () => (spawnSync('chromium', ['--version']).status === 0 ? undefined : 'no chromium on the PATH'),
};

/** Lets Chromium open the page, with a profile of its own, and gives what it prints. */
async function open(url: string, options: readonly string[]): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'mailroom-browser-'));
  // Root has no sandbox; pages are of the tests' own server alone.
  const always = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--disable-background-networking',
  ];
  try {
    const { stdout } = await run('chromium', [...always, `--user-data-dir=${profile}`, ...options, url], {
      maxBuffer: 16 * 2 ** 20,
      timeout: 60_000,
    });
    return stdout;
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}

export interface Reader {
  /** Has asked the system for pages in which nothing moves. */
  readonly wantsNoMotion?: boolean;
}

/** The page as Chromium has it once its scripts have run, as HTML. */
export function domOf(url: string, { wantsNoMotion = false }: Reader = {}): Promise<string> {
  const reader = wantsNoMotion ? ['--force-prefers-reduced-motion'] : [];
  return open(url, ['--dump-dom', '--virtual-time-budget=2000', ...reader]);
}

/** Takes a picture of the page, as PNG. `width` and `height` in pixels. */
export async function takePicture(
  url: string,
  path: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<void> {
  await open(url, [`--window-size=${width},${height}`, `--screenshot=${path}`]);
}
