import type { Settings } from '../../config';
import type { VerdictWork } from '../../cycle/verdict-work';
import type { Log } from '../../log';
import type { Mailbox } from '../../ports';
import { redaction } from '../../redaction';
import type { Screen } from '../../screen/screen';
import type { CyclePlan } from '../../triage/plan';
import { secretsOf } from '../../wiring/credentials';
import { printOn, type Runtime } from '../../wiring/runtime';

export type ShowPlan = (plan: CyclePlan, mailboxes: readonly Mailbox[]) => void;
export type ShowWork = (work: readonly VerdictWork[]) => void;

/** Shows plans as records of the log. */
export async function planInLog(log: Log): Promise<ShowPlan> {
  const { describePlan } = await import('../../cycle/describe-plan');
  return (plan, mailboxes) => {
    for (const { text, fields } of describePlan(plan, mailboxes)) log.info(text, fields);
  };
}

/** Shows plans on a terminal, in words. */
export async function planInWords(runtime: Runtime, settings: Settings): Promise<ShowPlan> {
  const { planLines } = await import('./plan-lines');
  const show = await showOn(runtime, settings);
  return (plan, mailboxes) => show((screen) => planLines(plan, mailboxes, screen));
}

/** Shows on a terminal what was done, in words. */
export async function workInWords(runtime: Runtime, settings: Settings): Promise<ShowWork> {
  const { workLines } = await import('./work-lines');
  const show = await showOn(runtime, settings);
  return (work) => show((screen) => workLines(work, screen));
}

async function showOn(runtime: Runtime, settings: Settings) {
  const { screenOf } = await import('../../screen/screen');
  const print = printOn(runtime);
  const redact = redaction(secretsOf(settings), '[redacted]');
  return (linesFor: (screen: Screen) => readonly string[]): void => {
    for (const line of linesFor(screenOf(runtime))) print(redact(line));
  };
}
