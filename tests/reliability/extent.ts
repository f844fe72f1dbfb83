/** True for `npm run reliability`, which tries everything; `npm test` tries a part of it, the same each time. */
export const isLong = process.env['MAILROOM_RELIABILITY'] === 'long';

/** How many of something: in the short form, and in the long one. */
export function extent(short: number, long: number): number {
  return isLong ? long : short;
}

/** A line of the figures that `npm run reliability` prints. */
export function figure(line: string): void {
  if (isLong) process.stdout.write(`reliability: ${line}\n`);
}

/** Says in the long form, whose suites take up to an hour each, how far one is: at each tenth of the way. */
export function progress(what: string, done: number, all: number): void {
  const tenths = Math.floor((done * 10) / all);
  if (tenths > Math.floor(((done - 1) * 10) / all) && tenths < 10) figure(`${what}: ${done} of ${all}`);
}
