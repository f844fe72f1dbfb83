import type { Answer } from '../../support/embedded/gate';
import type { Carry } from '../memory';

interface Waiting {
  readonly lane: number;
  readonly go: () => Promise<unknown>;
}

/**
 * Two ways to one server. Where requests wait on both, the schedule says whose turn it is, again and again from its
 * beginning; one is served at a time, and everything that its answer leads to waits before the next one is served.
 */
export function alternating(schedule: readonly boolean[], carry: Carry): readonly [Carry, Carry] {
  const waiting: Waiting[] = [];
  let turn = 0;
  let serving = false;

  async function serve(): Promise<void> {
    serving = true;
    while (waiting.length > 0) {
      const wanted = Number(schedule[turn % Math.max(1, schedule.length)] ?? false);
      const place = waiting.findIndex(({ lane }) => lane === wanted);
      const next = waiting.splice(Math.max(0, place), 1)[0];
      turn += 1;
      await next?.go();
      await settled();
    }
    serving = false;
  }

  const lane = (number: number): Carry => {
    return (request) =>
      new Promise<Answer>((resolve, reject) => {
        waiting.push({ lane: number, go: () => carry(request).then(resolve, reject) });
        if (!serving) setImmediate(() => (serving ? undefined : serve()));
      });
  };
  return [lane(0), lane(1)];
}

/** Lets everything go on that could. */
async function settled(): Promise<void> {
  for (let rounds = 0; rounds < 2; rounds++) await new Promise((resolve) => setImmediate(resolve));
}
