import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { figure, isLong } from '../extent';
import { MUTATIONS, type Mutation } from './list';

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** A copy of what tests need of the project, to be changed at will. */
async function copyOfProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mailroom-mutation-'));
  for (const name of await readdir(resolve('.'))) {
    if (['node_modules', 'dist'].includes(name)) await symlink(resolve(name), join(folder, name));
    else if (name !== '.git') await cp(resolve(name), join(folder, name), { recursive: true });
  }
  return folder;
}

async function applyTo(folder: string, { file, find, replace }: Mutation): Promise<void> {
  const path = join(folder, file);
  const source = await readFile(path, 'utf8');
  await writeFile(
    path,
    source.replace(find, () => replace),
  );
}

/** The first test that fails; undefined where all pass. */
async function catcher(folder: string, { suites, tests: names }: Mutation): Promise<string | undefined> {
  const output = join(folder, 'report.json');
  const options = ['--silent', '--reporters', 'default', '--json', '--outputFile', output];
  const chosen = names === undefined ? [] : ['--testNamePattern', names];
  const jest = spawn(process.execPath, [resolve('node_modules/jest/bin/jest.js'), ...suites, ...options, ...chosen], {
    cwd: folder,
    env: { PATH: process.env['PATH'] },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  jest.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await new Promise((ended) => jest.once('close', ended));
  const report = await readFile(output, 'utf8').catch((cause) => {
    throw new Error(`jest did not run: ${said}`, { cause });
  });
  const { testResults } = JSON.parse(report) as Report;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  if (tests.every(({ status }) => status === 'pending')) throw new Error(`No test ran of ${suites.join(', ')}`);
  return tests.find(({ status }) => status === 'failed')?.fullName;
}

describe('a change that breaks a promise', () => {
  it.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))('still can be made: %s', async (_, one) => {
    const source = await readFile(resolve(one.file), 'utf8');
    expect(source.split(one.find)).toHaveLength(2);
  });
});

// Each runs suites on a copy of the sources; `npm run reliability` asks for them.
if (isLong) {
  describe('a change that breaks a promise', () => {
    it.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))(
      'is caught: %s',
      async (name, mutation) => {
        const folder = await copyOfProject();
        try {
          await applyTo(folder, mutation);
          const test = await catcher(folder, mutation);
          expect(test).toBeDefined();
          figure(`mutation: ${name} | caught by: ${test}`);
        } finally {
          await rm(folder, { recursive: true });
        }
      },
      900_000,
    );
  });
}
