import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepRunning } from './kept-process';
import { until } from './until';

describe('A program that is kept running', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailroom-kept-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** Starts a program that runs for long, and gives the processes of its keeper and of itself. */
  async function start() {
    const log = join(folder, 'log');
    const command = { command: 'sh', arguments: ['-c', 'echo $PPID $$; exec sleep 60'], log };
    const { end } = keepRunning({ ...command, removes: folder, signal: 'TERM' });
    const pids = await until(
      () => 'the program runs',
      async () =>
        /^(\d+) (\d+)$/m
          .exec(await readFile(log, 'utf8'))
          ?.slice(1)
          .map(Number),
    );
    const [keeper = 0, program = 0] = pids;
    return { end, keeper, program };
  }

  function isRunning(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  it('ends when its test says so, and its folder with it', async () => {
    const { end, keeper, program } = await start();
    await end();
    expect([keeper, program].map(isRunning)).toEqual([false, false]);
    expect(existsSync(folder)).toBe(false);
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('ends with its keeper, however that ends', async () => {
    const { keeper, program } = await start();
    process.kill(keeper, 'SIGKILL');
    await until(
      () => 'the program is gone',
      async () => !isRunning(program) || undefined,
    );
  });
});
