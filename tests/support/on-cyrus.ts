import { runHere } from './bundle-here';
import { type CyrusServer, sharedCyrus } from './cyrus';
import { CYRUS_RELEASES, type CyrusRelease } from './cyrus-releases';
import { describeWith } from './requirement';
import type { TestAccount } from './test-account';

/** A suite over real Cyruses, one for each release, which other suites use too: its tests use accounts of their own. */
export function describeOnCyrus(
  title: string,
  body: (server: () => CyrusServer) => void,
  releases: readonly CyrusRelease[] = CYRUS_RELEASES,
): void {
  for (const release of releases)
    describeWith(release.requirement, `${title}, on ${release.name}`, () => {
      let server: CyrusServer | undefined;
      beforeAll(async () => {
        server = await sharedCyrus(release);
      });
      body(() => {
        if (server === undefined) throw new Error('Cyrus has not started');
        return server;
      });
    });
}

/** Runs one cycle and expects it to end well; gives its summary line. */
export async function cycle(
  { account }: Pick<TestAccount, 'account'>,
  env: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, unknown>>> {
  const { status, stdout, stderr, records } = await runHere(['--once'], { account, env });
  if (status !== 0) throw new Error(`The cycle ended with ${status}: ${stdout}${stderr}`);
  return records.at(-1) ?? {};
}
