import type { Cluster } from '../../cluster/cluster';
import { EXIT, type ExitStatus } from '../../errors';
import { escapeInvisible, plural } from '../../printable';
import type { CommandContext } from '../context';
import { checkCards, checkMail, checkNames } from './account';
import { checkCluster } from './cluster';
import { type Finding, fault, passed, skipped } from './finding';
import { findWarnings } from './warnings';

export interface CheckOptions {
  /** Undefined where the settings do not work. */
  readonly account?: Pick<CommandContext, 'settings' | 'openMail' | 'openBook'> | undefined;
  /** What is wrong with the settings. */
  readonly fault?: unknown;
  /** Undefined outside a cluster. */
  readonly cluster: Cluster | undefined;
  readonly json: boolean;
  readonly print: (text: string) => void;
}

/**
 * Looks at everything that can stop a cycle, all of it in one run, and at what merely looks wrong. Writes nothing.
 * Exits with 78 when anything would stop a cycle.
 */
export async function check(options: CheckOptions): Promise<ExitStatus> {
  const [account, cluster] = await Promise.all([checkAccount(options), checkCluster(options.cluster)]);
  const findings = [...account, ...cluster];
  const report = reportOf(findings);
  const lines = options.json ? [JSON.stringify(report)] : linesOf(report);
  options.print(lines.map(escapeInvisible).join('\n'));
  return report.ok ? EXIT.ok : EXIT.configuration;
}

async function checkAccount(options: CheckOptions): Promise<readonly Finding[]> {
  if (options.account === undefined) {
    return [fault('settings', options.fault), skipped('account', 'The account: the settings come first')];
  }
  const { settings, openMail, openBook } = options.account;
  // Side by side, and each for itself: what is wrong with one server says nothing about the other.
  const [mail, cards] = await Promise.all([checkMail(openMail), checkCards(openBook)]);
  return [
    passed('settings', 'The settings make sense'),
    ...mail.findings,
    ...cards.findings,
    ...checkNames(settings, mail.opened, cards.opened),
    ...(await findWarnings(settings, mail.opened, cards.opened)),
  ];
}

function reportOf(findings: readonly Finding[]) {
  const count = (wanted: Finding['state']): number => findings.filter(({ state }) => state === wanted).length;
  return { ok: count('fault') === 0, faults: count('fault'), warnings: count('warning'), findings };
}

const MARKS = { passed: '✓', fault: '✗', warning: '!', skipped: '-' } as const;

function linesOf({ faults, warnings, findings }: ReturnType<typeof reportOf>): readonly string[] {
  const verdict = faults === 0 ? 'Nothing stops a cycle' : `${plural(faults, 'fault')} would stop a cycle`;
  return [
    ...findings.map(
      ({ state, message, hint }) => `${MARKS[state]} ${hint === undefined ? message : `${message}. ${hint}`}`,
    ),
    '',
    `${verdict}${warnings === 0 ? '' : `; ${plural(warnings, 'warning')}`}.`,
  ];
}
