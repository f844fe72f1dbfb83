import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('credentials', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailroom-ignore-'));
    copyFileSync('.gitignore', join(folder, '.gitignore'));
    mkdirSync(join(folder, 'deploy'));
    git('init', '--quiet');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });

  it.each(['deploy/secret.yaml', 'deploy/secret.yml', '.env'])('in %s cannot be committed', (path) => {
    writeFileSync(join(folder, path), 'MAILROOM_JMAP_TOKEN: real');
    writeFileSync(join(folder, 'deploy/secret.yaml.example'), 'MAILROOM_JMAP_TOKEN: ""');
    git('add', '--all');
    expect(git('diff', '--cached', '--name-only').split('\n')).not.toContain(path);
    expect(git('diff', '--cached', '--name-only')).toContain('deploy/secret.yaml.example');
    expect(() => git('add', path)).toThrow(/ignored by one of your \.gitignore files/);
  });

  it('are not in the repository now', () => {
    const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).split('\n');
    expect(tracked.filter((path) => /(^|\/)(secret\.ya?ml|\.env)$/.test(path))).toEqual([]);
  });

  it('have no value in the template', () => {
    const template = readFileSync('deploy/secret.yaml.example', 'utf8');
    const values = [...template.matchAll(/^ {2}(MAILROOM_\w+): (.*)$/gm)].map(([, name, value]) => [name, value]);
    expect(values).toEqual([
      ['MAILROOM_JMAP_TOKEN', '""'],
      ['MAILROOM_CARDDAV_USERNAME', '""'],
      ['MAILROOM_CARDDAV_PASSWORD', '""'],
      ['MAILROOM_PING_URL', '""'],
    ]);
  });

  it('are not sent to the build of the image, which starts from nothing and asks for few files by name', () => {
    const rules = readFileSync('.dockerignore', 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(rules[0]).toBe('*');
    const taken = rules.filter((rule) => rule.startsWith('!'));
    expect(taken).toEqual(['!package.json', '!package-lock.json', '!esbuild.config.mjs', '!LICENSE', '!src']);
    // The last rule that fits decides.
    expect(rules.slice(rules.lastIndexOf('!src') + 1)).toEqual([
      '**/.env',
      '**/.env.*',
      '**/secret.yaml',
      '**/secret.yml',
    ]);
  });
});
