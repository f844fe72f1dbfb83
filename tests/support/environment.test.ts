import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

/** A process that has loaded the environment, as a worker has, and is at something. */
async function startWorker(work: string): Promise<ChildProcess> {
  const options = ['--require', resolve('tests/support/environment.cjs'), '--eval', `process.send('ready'); ${work}`];
  const worker = spawn(process.execPath, options, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(worker, 'message');
  return worker;
}

async function endOf(worker: ChildProcess): Promise<unknown> {
  try {
    return await once(worker, 'exit', { signal: AbortSignal.timeout(10_000) });
  } finally {
    worker.kill('SIGKILL');
  }
}

describe('A worker of jest', () => {
  it('ends when its jest is gone, whatever it is at', async () => {
    const worker = await startWorker('setInterval(() => {}, 1_000)');
    worker.disconnect();
    expect(await endOf(worker)).toEqual([1, null]);
  });

  it('ends by itself when its jest has nothing more for it', async () => {
    const worker = await startWorker("process.once('message', () => {})");
    worker.send('that was all');
    expect(await endOf(worker)).toEqual([0, null]);
  });
});
