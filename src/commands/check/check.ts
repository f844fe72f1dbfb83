import type { Cluster } from '../../cluster/cluster';
import { EXIT, type ExitStatus } from '../../errors';
import { escapeInvisible, plural } from '../../printable';
import { marked } from '../../screen/lines';
import type { Screen } from '../../screen/screen';
import type { CommandContext } from '../context';
import { checkCards, checkMail, checkNames } from './account';
import { checkCluster } from './cluster';
import { type Finding, fault, passed, skipped, warning } from './finding';
import { findWarnings } from './warnings';

export interface CheckOptions {
  /** Undefined where the settings do not work. */
  readonly account?: Pick<CommandContext, 'settings' | 'openMail' | 'openBook'> | undefined;
  /** What is wrong with the settings. */
  readonly fault?: unknown;
  /** Undefined outside a cluster. */
  readonly cluster: Cluster | undefined;
  /** What is odd about the settings, though they work. */
  readonly warnings: readonly string[];
  readonly json: boolean;
  readonly print: (text: string) => void;
  readonly screen: Screen;
}

/**
 * Looks at everything that can stop a cycle, all of it in one run, and at what merely looks wrong. Writes nothing.
 * Exits with 78 when anything would stop a cycle until somebody changes it, and with 75 when all that would stop one may
 * pass by itself.
 */
export async function check(options: CheckOptions): Promise<ExitStatus> {
  const [account, cluster] = await Promise.all([checkAccount(options), checkCluster(options.cluster)]);
  const findings = [...account, ...cluster];
  const report = reportOf(findings);
  options.print(options.json ? escapeInvisible(JSON.stringify(report)) : linesOf(report, options.screen).join('\n'));
  if (report.ok) return EXIT.ok;
  return report.passing === report.faults ? EXIT.tryAgain : EXIT.configuration;
}

async function checkAccount(options: CheckOptions): Promise<readonly Finding[]> {
  if (options.account === undefined) {
    const odd = oddSettings(options.warnings);
    return [fault('settings', options.fault), ...odd, skipped('account', 'The account: the settings come first')];
  }
  const { settings, openMail, openBook } = options.account;
  // Side by side, and each for itself: what is wrong with one server says nothing about the other.
  const [mail, cards] = await Promise.all([checkMail(openMail), checkCards(openBook)]);
  return [
    passed('settings', 'The settings make sense'),
    ...oddSettings(options.warnings),
    ...mail.findings,
    ...cards.findings,
    ...checkNames(settings, mail.opened, cards.opened),
    ...(await findWarnings(settings, mail.opened, cards.opened)),
  ];
}

function reportOf(findings: readonly Finding[]) {
  const count = (wanted: Finding['state']): number => findings.filter(({ state }) => state === wanted).length;
  const passing = findings.filter((finding) => finding.passing).length;
  return { ok: count('fault') === 0, faults: count('fault'), passing, warnings: count('warning'), findings };
}

function oddSettings(warnings: readonly string[]): readonly Finding[] {
  return warnings.map((message) => warning('settings', message));
}

const MARKS = {
  passed: ['✓', 'good'],
  fault: ['✗', 'bad'],
  warning: ['!', 'odd'],
  skipped: ['-', 'faint'],
} as const;

function linesOf(
  { faults, passing, warnings, findings }: ReturnType<typeof reportOf>,
  screen: Screen,
): readonly string[] {
  const verdict = faults === 0 ? 'Nothing stops a cycle' : `${plural(faults, 'fault')} would stop a cycle`;
  const parts = [
    verdict,
    ...(passing === 0 ? [] : [`${passing} of them may pass without anybody`]),
    ...(warnings === 0 ? [] : [plural(warnings, 'warning')]),
  ];
  return [
    ...findings.flatMap(({ state, message, hint }) => {
      const [mark, look] = MARKS[state];
      return marked(mark, look, hint === undefined ? message : `${message}. ${hint}`, screen);
    }),
    '',
    `${parts.join('; ')}.`,
  ];
}
