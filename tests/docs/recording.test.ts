import { readFileSync } from 'node:fs';
import { browserRequirement, domOf, type Reader } from '../support/letter-page/browser';
import { startPageServer } from '../support/letter-page/page-server';
import { describeWith } from '../support/requirement';
import { RECORDING } from '../support/screens/recording';

/** Lines that are seen, and lines that are not, in the first frame. */
async function firstFrame(reader: Reader): Promise<{ readonly seen: number; readonly hidden: number }> {
  const count = `<output></output><script>
    const lines = [...document.querySelectorAll('text')];
    const hidden = lines.filter((line) => getComputedStyle(line.parentElement).opacity === '0').length;
    document.querySelector('output').textContent = (lines.length - hidden) + ' ' + hidden;
  </script>`;
  const server = await startPageServer(() => ({ '/': readFileSync(RECORDING, 'utf8') + count }));
  try {
    const [, seen, hidden] = /<output>(\d+) (\d+)<\/output>/.exec(await domOf(`${server.origin}/`, reader)) ?? [];
    return { seen: Number(seen), hidden: Number(hidden) };
  } finally {
    await server.stop();
  }
}

describeWith(browserRequirement, 'The recording of the demo', () => {
  it('begins with the mail that waits, and plays from there', async () => {
    const { seen, hidden } = await firstFrame({});
    expect(seen).toBeGreaterThan(10);
    expect(hidden).toBeGreaterThan(30);
  }, 120_000);

  it('is all there for a reader who wants no motion', async () => {
    const { seen, hidden } = await firstFrame({ wantsNoMotion: true });
    expect(hidden).toBe(0);
    expect(seen).toBeGreaterThan(40);
  }, 120_000);
});
