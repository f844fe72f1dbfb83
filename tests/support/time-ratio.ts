const SMALL = 1_000;
const LARGE = 1_000_000;
const ROUNDS = 2;

/**
 * How much longer a parser takes for 1 MB of an input than for the same amount in inputs of 1 KB: about 1 where its time
 * is linear, about 1,000 where it is quadratic. The quickest of some rounds, and time of the processor, so that a busy
 * machine makes no difference.
 */
export function timeRatio(inputOf: (length: number) => string, parse: (text: string) => unknown): number {
  const small = inputOf(SMALL);
  const large = inputOf(LARGE);
  const ofSmall = quickest(() => {
    for (let i = 0; i < LARGE / SMALL; i++) parse(small);
  });
  return quickest(() => parse(large)) / ofSmall;
}

/** Microseconds of the processor that the quickest of some rounds took. */
export function quickest(run: () => void): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const started = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(started);
    return user + system;
  });
  return Math.min(...times);
}
