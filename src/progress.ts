import { Writable } from 'node:stream';

/** How far long work is, for a person who watches. Never a log: programs and pipes see nothing of it. */
export interface Progress {
  /** `done` of `total` steps of `what` are finished. What is shown goes when all are, or with {@link Progress.end}. */
  show(what: string, done: number, total: number): void;
  /** Takes away what is shown; the work is over, one way or another. */
  end(): void;
}

export const NO_PROGRESS: Progress = { show: () => {}, end: () => {} };

export interface TerminalProgressOptions {
  /** A terminal. */
  readonly stream: Writable & { readonly columns?: number };
  /** Work of fewer milliseconds shows nothing. */
  readonly quietFor?: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly clock: () => number;
}

export interface TerminalProgress extends Progress {
  /** A stream to the same terminal whose lines do not run into the bar. */
  besides(stream: Writable): Writable;
}

/** A terminal shows no more pictures a second than a person sees. */
const REDRAW_MS = 50;
const BAR_WIDTH = 24;
const DEFAULT_COLUMNS = 80;
const ERASE_LINE = '\r\u001b[2K';

/** A bar on the last line of a terminal. */
export function createTerminalProgress({ stream, quietFor = 0, clock }: TerminalProgressOptions): TerminalProgress {
  let started: number | undefined;
  let drawn: number | undefined;

  function erase(): void {
    if (drawn !== undefined) stream.write(ERASE_LINE);
    drawn = undefined;
  }

  function end(): void {
    erase();
    started = undefined;
  }

  return {
    show(what, done, total) {
      const now = clock();
      started ??= now;
      if (done >= total) return end();
      if (now - started < quietFor || (drawn !== undefined && now - drawn < REDRAW_MS)) return;
      stream.write(`${ERASE_LINE}${barLine(what, done, total, stream.columns || DEFAULT_COLUMNS)}`);
      drawn = now;
    },
    end,
    besides: (other) =>
      new Writable({
        decodeStrings: false,
        write(chunk, encoding, callback) {
          erase();
          other.write(chunk, encoding, callback);
        },
      }),
  };
}

/** `Making mailboxes [======                  ] 3/12`, never wider than the terminal. */
function barLine(what: string, done: number, total: number, columns: number): string {
  const filled = Math.floor((BAR_WIDTH * done) / total);
  const bar = '='.repeat(filled).padEnd(BAR_WIDTH);
  return `${what} [${bar}] ${done}/${total}`.slice(0, columns - 1);
}
