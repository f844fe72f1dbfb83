#!/usr/bin/env node
// A release is a tag `vX.Y.Z` on a commit whose package.json has that version.
//
//   .ci/release.mjs prepare   what `npm version` runs: every file that repeats the version follows package.json, and what
//                             is unreleased in CHANGELOG.md becomes the entry of the version
//   .ci/release.mjs check TAG what the pipeline runs: refuses a tag that is not the version everywhere, or has no entry
import { readFileSync, writeFileSync } from 'node:fs';

const VERSION = '\\d+\\.\\d+\\.\\d+';
/** File → what stands right before the version there. */
const REPEATED = {
  Dockerfile: ['ARG VERSION='],
  'deploy/40-cronjob.yaml': ['ghcr.io/hellothisisflo/mailroom:'],
  'deploy/optional/letter.yaml': ['ghcr.io/hellothisisflo/mailroom:'],
  'docs/deploy.md': ['mailroom:', 'ref=v', '^\\| `'],
  'docs/run-anywhere.md': ['mailroom:'],
};
const CHANGELOG = 'CHANGELOG.md';
const UNRELEASED = '## [Unreleased]\n';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const [order, tag] = process.argv.slice(2);

if (order === 'prepare') prepare();
else if (order === 'check' && tag !== undefined) refuse(faultsOf(tag));
else refuse(['Usage: .ci/release.mjs prepare | check TAG']);

function prepare() {
  for (const [file, text] of repeated()) writeFileSync(file, text.replace(pattern(file), `$1${version}`));
  const changelog = readFileSync(CHANGELOG, 'utf8');
  if (entryOf(changelog, version) !== undefined) return;
  if (!entryOf(changelog, 'Unreleased')) refuse([`${CHANGELOG} has nothing unreleased`]);
  const heading = `${UNRELEASED}\n## [${version}] - ${new Date().toISOString().slice(0, 10)}\n`;
  writeFileSync(CHANGELOG, changelog.replace(UNRELEASED, heading));
}

function faultsOf(name) {
  const elsewhere = [...repeated()].flatMap(([file, text]) =>
    [...text.matchAll(pattern(file))]
      .filter(([, , found]) => found !== version)
      .map(([, , found]) => `${file} names the version ${found}, and package.json ${version}`),
  );
  return [
    ...(name === `v${version}` ? [] : [`The tag is ${name}, and package.json has the version ${version}`]),
    ...elsewhere,
    ...(entryOf(readFileSync(CHANGELOG, 'utf8'), version) ? [] : [`${CHANGELOG} has no entry for ${version}`]),
  ];
}

function repeated() {
  return Object.keys(REPEATED).map((file) => [file, readFileSync(file, 'utf8')]);
}

function pattern(file) {
  return new RegExp(`(${REPEATED[file].join('|')})(${VERSION})`, 'gm');
}

/** What stands below the heading of a version with its date, or of what is unreleased; undefined without the heading. */
function entryOf(changelog, name) {
  const date = name === 'Unreleased' ? '' : ' - \\d{4}-\\d{2}-\\d{2}';
  const [, ...parts] = changelog.split(/^(?=## )/m);
  const part = parts.find((text) => new RegExp(`^## \\[${name.replaceAll('.', '\\.')}\\]${date}\\n`).test(text));
  return part?.slice(part.indexOf('\n')).trim();
}

function refuse(faults) {
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exit(faults.length === 0 ? 0 : 1);
}
