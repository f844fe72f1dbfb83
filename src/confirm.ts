import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
  /** Aborted when nobody will answer any more. */
  readonly stop: AbortSignal;
}

/** Asks a person. True for `yes` alone. */
export async function confirmOn({ input, output, stop }: Terminal, question: string): Promise<boolean> {
  output.write(`${question} Type yes to go on: `);
  // Not as a terminal of its own: Ctrl-C has to reach the process.
  const lines = createInterface({ input, terminal: false });
  const close = (): void => lines.close();
  stop.addEventListener('abort', close, { once: true });
  try {
    if (stop.aborted) return false;
    const answer = await new Promise<string>((resolve) => {
      lines.once('line', resolve).once('close', () => resolve(''));
    });
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    stop.removeEventListener('abort', close);
    lines.close();
  }
}
