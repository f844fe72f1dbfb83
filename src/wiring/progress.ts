import { createTerminalProgress, type TerminalProgress } from '../progress';
import type { Runtime } from './runtime';

/** Only where both outputs are a terminal: nothing of it is ever kept. `quietFor`: milliseconds without any. */
export function terminalProgress({ stdout, stderr }: Runtime, quietFor = 0): TerminalProgress | undefined {
  if (!stdout.isTTY || !stderr.isTTY) return undefined;
  return createTerminalProgress({ stream: stderr, quietFor, clock: () => performance.now() });
}
