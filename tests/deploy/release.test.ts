import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const FILES = [
  'package.json',
  'CHANGELOG.md',
  'Dockerfile',
  'deploy/40-cronjob.yaml',
  'deploy/optional/letter.yaml',
  'docs/deploy.md',
  'docs/run-anywhere.md',
] as const;

describe('A release', () => {
  let folder: string;
  let version: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailroom-release-'));
    for (const file of FILES) {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      await cp(file, join(folder, file));
    }
    ({ version } = JSON.parse(await readFile('package.json', 'utf8')));
  });
  afterEach(() => rm(folder, { recursive: true }));

  function release(...words: readonly string[]): { readonly status: number | null; readonly said: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('.ci/release.mjs'), ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, said: `${stdout}${stderr}` };
  }

  async function edit(file: (typeof FILES)[number], from: string | RegExp, to: string): Promise<void> {
    const before = await readFile(join(folder, file), 'utf8');
    const after = before.replace(from, to);
    expect(after).not.toBe(before);
    await writeFile(join(folder, file), after);
  }

  it('of this version is fit to be tagged', () => {
    expect(release('check', `v${version}`)).toEqual({ status: 0, said: '' });
  });

  it.each<[string, (typeof FILES)[number], string | RegExp, string, RegExp]>([
    [
      'an image of another version in the manifests',
      'deploy/40-cronjob.yaml',
      /(image: .*:).*/,
      '$19.9.9',
      /40-cronjob.yaml names the version 9.9.9/,
    ],
    [
      'another version in the Dockerfile',
      'Dockerfile',
      /(ARG VERSION=).*/,
      '$19.9.9',
      /Dockerfile names the version 9.9.9/,
    ],
    [
      'another base in the documents',
      'docs/deploy.md',
      /(ref=v)[\d.]+/,
      '$19.9.9',
      /docs\/deploy.md names the version 9.9.9/,
    ],
    ['no entry in the changelog', 'CHANGELOG.md', /^## \[\d[\s\S]*/m, '', /CHANGELOG.md has no entry/],
    ['an entry without a date', 'CHANGELOG.md', /^(## \[\d.*\]).*/m, '$1', /CHANGELOG.md has no entry/],
    ['an entry without a word', 'CHANGELOG.md', /^(## \[\d.*\n)[\s\S]*/m, '$1', /CHANGELOG.md has no entry/],
  ])('is refused for %s', async (_, file, from, to, why) => {
    await edit(file, from, to);
    const { status, said } = release('check', `v${version}`);
    expect(status).toBe(1);
    expect(said).toMatch(why);
  });

  it.each(['v9.9.9', '1', 'latest'])('is refused for the tag %s', (tag) => {
    expect(release('check', tag)).toEqual({
      status: 1,
      said: `The tag is ${tag}, and package.json has the version ${version}\n`,
    });
  });

  it('brings everything to the version that npm has set, with what was unreleased as its entry', async () => {
    await edit('package.json', `"version": "${version}"`, '"version": "9.8.7"');
    await edit('CHANGELOG.md', '## [Unreleased]\n', '## [Unreleased]\n\n### Fixed\n\n- Something.\n');
    expect(release('check', 'v9.8.7').status).toBe(1);
    expect(release('prepare')).toEqual({ status: 0, said: '' });
    expect(release('check', 'v9.8.7')).toEqual({ status: 0, said: '' });
    const changelog = await readFile(join(folder, 'CHANGELOG.md'), 'utf8');
    expect(changelog).toMatch(/## \[Unreleased\]\n\n## \[9\.8\.7\] - \d{4}-\d\d-\d\d\n\n### Fixed\n\n- Something\.\n/);
    expect(changelog).toContain(`## [${version}]`);
    for (const file of FILES) {
      if (file !== 'CHANGELOG.md') expect(await readFile(join(folder, file), 'utf8')).not.toContain(`:${version}`);
    }
  });

  it('has something to say', async () => {
    await edit('package.json', `"version": "${version}"`, '"version": "9.8.7"');
    const nothing = '# Changelog\n\n## [Unreleased]\n\n## [0.0.1] - 2026-01-01\n\n- The first one.\n';
    await writeFile(join(folder, 'CHANGELOG.md'), nothing);
    expect(release('prepare')).toEqual({ status: 1, said: 'CHANGELOG.md has nothing unreleased\n' });
  });

  it('is prepared by npm version, and checked by the pipeline before anything is published', async () => {
    const { scripts } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(scripts.version).toBe('.ci/release.mjs prepare && git add --update');
    const pipeline = await readFile('.github/workflows/pipeline.yml', 'utf8');
    expect(pipeline).toMatch(/if: github\.ref_type == 'tag'\n +run: \.ci\/release\.mjs check "\$GITHUB_REF_NAME"/);
    expect(pipeline).toMatch(/needs: \[tests, linters, end-to-end\]/);
  });
});
