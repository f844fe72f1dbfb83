import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Fails in the ways that a test can, each while a mutant is on. */
const SUITE = `
const isOn = (id: string) => (globalThis as any).__stryker__.activeMutant === id;
const loadedWith: string | undefined = (globalThis as any).__stryker__.activeMutant;
const calls: string[] = [];
describe('a suite', () => {
  beforeAll(() => void calls.splice(0, calls.length, 'all'));
  beforeEach(() => calls.push('each'));
  afterEach(() => void (calls.length = 1));
  it('has hooks', () => expect(calls).toEqual(['all', 'each']));
  it.each([1, 2])('throws for %d', (number) => {
    if (isOn(\`throws \${number}\`)) throw new Error('on');
  });
  it('does not expect enough', async () => {
    expect.assertions(1);
    if (!isOn('expects nothing')) expect(1).toBe(1);
  });
  it('is not awaited', async () => {
    if (isOn('rejects')) Promise.reject(new Error('on'));
    await new Promise((done) => setTimeout(done, 20));
  });
  it('was loaded anew', () => expect(loadedWith).not.toBe('static'));
  describe.skip('left out', () => it('fails', () => expect(1).toBe(2)));
});
`;

const SCRIPT = `
const { strykerPlugins: [{ injectableClass: Runner }] } = require(process.argv[1]);
(async () => {
  const runner = new Runner();
  const dry = await runner.dryRun();
  const runs = {};
  for (const id of ['none', 'throws 2', 'expects nothing', 'rejects', 'static', 'none again']) {
    const isStatic = id === 'static';
    runs[id] = await runner.mutantRun({
      activeMutant: { id },
      mutantActivation: isStatic ? 'static' : 'runtime',
      reloadEnvironment: isStatic || id === 'none again',
    });
  }
  console.log(JSON.stringify({ dry, runs }));
})();
`;

describe('the runner of mutants', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailroom-runner-'));
    await mkdir(join(folder, 'tests', 'own'), { recursive: true });
    await symlink(resolve('tests/support'), join(folder, 'tests', 'support'));
    await writeFile(join(folder, 'tests', 'own', 'own.test.ts'), SUITE);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('finds a mutant by the first test that fails, and loads modules anew for a static one', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['-e', SCRIPT, resolve('tests/reliability/mutations/runner.cjs')],
      { cwd: folder, env: { MAILROOM_MUTANTS: 'own' } },
    );
    const { dry, runs } = JSON.parse(stdout);
    expect(dry.tests).toHaveLength(6);
    expect(dry.tests.every(({ status }: { readonly status: number }) => status === 0)).toBe(true);
    expect(runs).toMatchObject({
      none: { status: 'survived', nrOfTests: 6 },
      'throws 2': { status: 'killed', nrOfTests: 3, killedBy: ['a suite throws for 2'] },
      'expects nothing': { status: 'killed', killedBy: ['a suite does not expect enough'] },
      rejects: { status: 'killed', killedBy: ['a suite is not awaited'] },
      static: { status: 'killed', killedBy: ['a suite was loaded anew'] },
      'none again': { status: 'survived' },
    });
  });
});
