import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

describe('A worker of jest', () => {
  it('ends when its jest is gone, whatever it is at', async () => {
    const busy = "process.send('ready'); setInterval(() => {}, 1_000)";
    const options = ['--require', resolve('tests/support/environment.cjs'), '--eval', busy];
    const worker = spawn(process.execPath, options, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    try {
      await once(worker, 'message');
      worker.disconnect();
      const exit = once(worker, 'exit', { signal: AbortSignal.timeout(10_000) });
      expect(await exit).toEqual([1, null]);
    } finally {
      worker.kill('SIGKILL');
    }
  });
});
