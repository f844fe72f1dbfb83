import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { createLog } from '../src/log';
import { untilStopped } from '../src/stop';

const quiet = createLog({ level: 'error', stream: new PassThrough(), secrets: [] });

function stopFor(pollInterval?: number) {
  const signals = new EventEmitter();
  return { signals, ...untilStopped(signals as unknown as NodeJS.Process, quiet, pollInterval) };
}

describe('what stops a cycle', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each(['SIGTERM', 'SIGINT'])('is %s, and 45 seconds later no request goes on', (signal) => {
    const { signals, stop, halt } = stopFor();
    signals.emit(signal);
    expect([stop.aborted, halt.aborted]).toEqual([true, false]);
    jest.advanceTimersByTime(44_999);
    expect(halt.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(halt.aborted).toBe(true);
  });

  it('is the end of 70 % of the poll interval', () => {
    const { stop } = stopFor(300);
    jest.advanceTimersByTime(209_999);
    expect(stop.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(stop.reason).toMatchObject({ code: 'transient' });
  });

  it.each([
    [10, 9_000],
    [30, 27_000],
    [300, 255_000],
    [900, 675_000],
  ])('leaves no request at a poll interval of %i seconds after %i ms', (pollInterval, end) => {
    const { halt } = stopFor(pollInterval);
    jest.advanceTimersByTime(end - 1);
    expect(halt.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(halt.aborted).toBe(true);
  });

  it('is not a poll interval that is longer than any timer', () => {
    const timer = jest.spyOn(globalThis, 'setTimeout');
    stopFor(999_999_999);
    expect(timer.mock.calls.map(([, delay]) => delay)).toEqual([2 ** 31 - 1]);
  });

  it('is nothing any more after its end, when all requests are over', () => {
    const { signals, halt, end } = stopFor(300);
    end();
    expect([halt.aborted, signals.listenerCount('SIGTERM'), jest.getTimerCount()]).toEqual([true, 0, 0]);
  });
});
