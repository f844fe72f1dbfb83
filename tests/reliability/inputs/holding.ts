import fc from 'fast-check';
import { MailroomError } from '../../../src/errors';
import { extent, figure } from '../extent';

/** Tries inputs of a kind; of one that fails it looks for the shortest. The same inputs each time, in either form. */
export function inputs<T>(what: string, arbitrary: fc.Arbitrary<T>, holds: (input: T) => void): void {
  const numRuns = extent(300, 20_000);
  fc.assert(
    fc.property(arbitrary, (input) => holds(input)),
    { numRuns, seed: 1 },
  );
  figure(`inputs: ${numRuns} ${what}`);
}

export async function inputsOf<T>(
  what: string,
  arbitrary: fc.Arbitrary<T>,
  holds: (input: T) => Promise<void>,
): Promise<void> {
  const numRuns = extent(200, 10_000);
  await fc.assert(fc.asyncProperty(arbitrary, holds), { numRuns, seed: 1 });
  figure(`inputs: ${numRuns} ${what}`);
}

/** Whatever is thrown says in a MailroomError what is wrong. */
export function onlyMailroomErrors(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof MailroomError)) throw error;
  }
}

/** The same for work that takes its time. */
export async function onlyMailroomErrorsFrom(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof MailroomError)) throw error;
  }
}
