import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTerminationMessage } from '../../src/cluster/termination';

describe('the termination message', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailroom-termination-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is one line in the file that the pod has, in place of what was there', async () => {
    const path = join(folder, 'termination-log');
    writeFileSync(path, 'something long from before');
    expect(await writeTerminationMessage(path, 'Done:\n2 senders')).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('Done: 2 senders');
  });

  it('has at most 4,096 bytes', async () => {
    const path = join(folder, 'termination-log');
    writeFileSync(path, '');
    await writeTerminationMessage(path, 'ü'.repeat(4096));
    expect(readFileSync(path).length).toBeLessThanOrEqual(4096);
  });

  it('makes no file where there is none, and fails nothing', async () => {
    const path = join(folder, 'termination-log');
    expect(await writeTerminationMessage(path, 'Done')).toBe(false);
    expect(existsSync(path)).toBe(false);
    expect(await writeTerminationMessage(folder, 'Done')).toBe(false);
  });
});
