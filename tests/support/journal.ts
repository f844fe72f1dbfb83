/** What the fake servers were told to write, in order, and what is to go wrong with it. */
export interface Journal {
  /** One line a write, as `join Feed u1` might be; those that went wrong are there, too. */
  readonly writes: readonly string[];
  /** Does the write, unless it is to fail. */
  readonly write: <T>(line: string, act: () => T) => T;
}

/** Called with each write before it is done. To throw is to fail it. Returns whether its answer is lost. */
export type Trouble = (line: string, number: number) => undefined | { readonly afterwards: Error };

/** The process is gone: nothing is written or read any more. */
export class Crash extends Error {}

export function journalWith(trouble: Trouble = () => undefined): Journal {
  const writes: string[] = [];
  let crashed: Crash | undefined;
  return {
    writes,
    write: (line, act) => {
      if (crashed !== undefined) throw crashed;
      try {
        const number = writes.push(line);
        const lost = trouble(line, number);
        const result = act();
        if (lost !== undefined) throw lost.afterwards;
        return result;
      } catch (error) {
        if (error instanceof Crash) crashed = error;
        throw error;
      }
    },
  };
}

/** Breaks off before write `number`, counted from 1. */
export function crashBefore(number: number): Trouble {
  return (_, current) => {
    if (current >= number) throw new Crash(`Before write ${number}`);
    return undefined;
  };
}

/** Names behind their signs, for a line of the journal. */
export function signed(sign: '+' | '-', names: readonly string[]): string {
  return names.map((name) => ` ${sign}${name}`).join('');
}

/** Lets everything else go on first that could, as a request does. */
export function soon(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
