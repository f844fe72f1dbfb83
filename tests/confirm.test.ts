import { PassThrough } from 'node:stream';
import { confirmOn } from '../src/confirm';

function ask(answer: string, { closed = false } = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  const stop = new AbortController();
  const confirmed = confirmOn({ input, output, stop: stop.signal }, 'Go on?');
  input.write(answer);
  if (closed) input.end();
  return { confirmed, stop, shown: () => String(output.read()) };
}

describe('a question on a terminal', () => {
  it.each([
    ['yes\n', true],
    [' YES \r\n', true],
    ['y\n', false],
    ['no\n', false],
    ['\n', false],
    ['yes please\n', false],
  ])('takes %j for %s', async (answer, expected) => {
    const { confirmed, shown } = ask(answer);
    expect(await confirmed).toBe(expected);
    expect(shown()).toBe('Go on? Type yes to go on: ');
  });

  it('takes the end of the input for no', async () => {
    expect(await ask('', { closed: true }).confirmed).toBe(false);
  });

  it('waits no longer after a signal', async () => {
    const { confirmed, stop } = ask('');
    stop.abort();
    expect(await confirmed).toBe(false);
  });
});
