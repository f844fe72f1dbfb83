import fc from 'fast-check';
import { LABELS, MODIFIERS } from '../account';
import { progress } from '../extent';
import * as events from './commands';
import type { Life } from './life';
import { GROUPS, PLACES } from './people';

const number = fc.nat({ max: 30 });
const place = fc.constantFrom(...PLACES);
const labelName = fc.constantFrom(...LABELS);
const modifier = fc.constantFrom(...MODIFIERS);
const anyLabel = fc.oneof({ arbitrary: labelName, weight: 3 }, { arbitrary: modifier, weight: 1 });
const group = fc.constantFrom(...GROUPS);
const requests = fc.integer({ min: 3, max: 40 });

/** Where mail is when it has come in: mostly in the Screener, and often labelled at once. */
const places = fc.oneof(
  { arbitrary: labelName.map((name) => ['Screener', name]), weight: 3 },
  { arbitrary: fc.tuple(labelName, modifier).map((names) => ['Screener', ...names]), weight: 2 },
  {
    arbitrary: fc.uniqueArray(fc.oneof(place, anyLabel, fc.constant('My label')), { minLength: 1, maxLength: 3 }),
    weight: 2,
  },
  { arbitrary: fc.constant(['Screener']), weight: 2 },
);

/** What happens to an account, in any order. */
const EVENTS: fc.Arbitrary<events.Event>[] = [
  fc
    .tuple(number, places, fc.constantFrom('', 'Ann', 'Your Bank'), fc.boolean())
    .map((args) => events.receive(...args)),
  fc
    .tuple(number, places, fc.constantFrom('', 'Ann', 'Your Bank'), fc.boolean())
    .map((args) => events.receive(...args)),
  fc.tuple(number, anyLabel).map((args) => events.label(...args)),
  fc.tuple(number, anyLabel).map((args) => events.label(...args)),
  fc.tuple(number, number, places).map((args) => events.receiveFromList(...args)),
  places.map(events.receiveNameless),
  number.map(events.unlabel),
  fc.tuple(number, place).map((args) => events.move(...args)),
  number.map(events.destroy),
  fc.tuple(number, number).map((args) => events.writeCard(...args)),
  fc.tuple(number, fc.nat({ max: 3 })).map((args) => events.addCard(...args)),
  number.map(events.deleteCard),
  fc.tuple(number, group).map((args) => events.join(...args)),
  fc.tuple(number, group).map((args) => events.leave(...args)),
  fc.constant(events.index()),
  fc.constant(events.cycle()),
  fc.constant(events.cycle()),
  requests.map(events.killedCycle),
  requests.map(events.killedCycle),
  fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }).map(events.twoCycles),
  fc.constant(events.reset()),
  requests.map(events.killedReset),
];

/** Tells a story in a new life, to a quiet end, and takes everything back. */
export async function tell(begin: () => Promise<Life>, story: Iterable<events.Event>): Promise<void> {
  const life = await begin();
  try {
    await fc.asyncModelRun(() => ({ model: {}, real: life }), story);
    await events.quiet().run({}, life);
    await events.farewell().run({}, life);
  } finally {
    life.end();
  }
}

export interface Tellings {
  readonly lives: number;
  readonly longest: number;
  /** The same lives for the same seed. */
  readonly seed: number;
}

/** Tells random stories. Of one that breaks a promise it looks for the shortest, and throws it as a test to be kept. */
export async function tellRandomly(begin: () => Promise<Life>, { lives, longest, seed }: Tellings): Promise<number> {
  let told = 0;
  let begun = 0;
  const story = fc.commands(EVENTS, { maxCommands: longest, size: 'max', disableReplayLog: true });
  const details = await fc.check(
    fc.asyncProperty(story, async (each) => {
      progress('lives', ++begun, lives);
      await tell(begin, each);
      for (const event of each) told += Number(String(event) !== '');
    }),
    { numRuns: lives, seed },
  );
  if (!details.failed) return told;
  const [shortest] = details.counterexample ?? [];
  const reason = (details.errorInstance ?? new Error('It was interrupted')) as Error;
  throw new Error(
    `A promise is broken, after ${details.numShrinks} steps of shortening by this story (for stories.test.ts):\n\n` +
      `  it('${reason.message.replaceAll("'", '’').slice(0, 90)}', () => tell(begin, [${shortest}]));\n\n${reason.message}`,
    { cause: reason },
  );
}
