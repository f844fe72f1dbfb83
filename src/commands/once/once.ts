import type { Settings } from '../../config';
import { type Located, locate, placesIn } from '../../cycle/locate';
import { collect, type Occasion } from '../../cycle/read';
import { readJudgement } from '../../cycle/read-judgement';
import { type CycleReport, reportOn, summarise, summarisePlan } from '../../cycle/report';
import { requireWritable } from '../../cycle/rights';
import type { VerdictWork } from '../../cycle/verdict-work';
import { both, isTransient, MailroomError } from '../../errors';
import type { Log } from '../../log';
import type { AddressBook, Mail } from '../../ports';
import type { CyclePlan } from '../../triage/plan';
import type { ShowPlan, ShowWork } from './show-plan';

export interface OnceContext {
  readonly settings: Settings;
  readonly log: Log;
  readonly now: Date;
  readonly openMail: () => Promise<Mail>;
  readonly openBook: () => Promise<AddressBook>;
  readonly ownUid: (address: string, attempt: number) => string;
  /** Aborted when no further sender is to be started; its reason is the failure of a cycle that has done nothing by then. */
  readonly stop: AbortSignal;
  /** Shows the plan where nothing is to be written; undefined where it is to be done. */
  readonly showPlan: ShowPlan | undefined;
  /** Shows what was done, where that is not for the log to tell. */
  readonly showWork?: ShowWork | undefined;
  readonly onStep: (total: number) => void;
}

/** What a cycle came to. `stopped`: a signal came before any sender was finished. */
export type CycleEnd =
  | { readonly kind: 'done'; readonly report: CycleReport; readonly summary: string }
  | { readonly kind: 'planned'; readonly summary: string }
  | { readonly kind: 'stopped'; readonly summary: string };

/** One poll cycle: read, judge, plan, apply, report. Throws {@link MailroomError} when the cycle as a whole failed. */
export async function once(context: OnceContext): Promise<CycleEnd> {
  const { settings, log, stop } = context;
  const opened = await unlessStopped(() => open(context), stop);
  if (opened === null) return stoppedEarly(stop);
  const { collected, ...ports } = opened;
  requireWritable(ports);
  const located = locate(settings, ports.mail, ports.book);
  const judgement = await unlessStopped(() => readJudgement(collected, located.places, ports.mail), stop);
  if (judgement === null) return stoppedEarly(stop);
  const plan = await unlessStopped(() => planFor({ collected, judgement }, located, ports, context), stop);
  if (plan === null) return stoppedEarly(stop);
  for (const { href, reason, mayBelongTo } of ports.book.unreadable()) {
    log.warn('A card cannot be read and is set aside', {
      card: href,
      reason,
      ...(mayBelongTo.length === 0 ? {} : { heldBack: mayBelongTo }),
    });
  }

  if (context.showPlan !== undefined) {
    context.showPlan(plan, ports.mail.mailboxes);
    return { kind: 'planned', summary: summarisePlan(plan) };
  }

  const { work, swept } = plan === NOTHING_PLANNED ? NOTHING_DONE : await carryOut(plan, located, ports, context);
  context.showWork?.(work);
  try {
    const report = reportOn(plan, work, swept);
    return { kind: 'done', report, summary: summarise(report) };
  } catch (error) {
    // Requests that hang are ended some time after a signal: that is no failure of the cycle.
    if (!stoppedBySignal(stop) || !isTransient(error)) throw error;
    return { kind: 'stopped', summary: 'Stopped before any sender was finished; the next cycle goes on' };
  }
}

const NOTHING_PLANNED: CyclePlan = { verdicts: [], objections: [], leftAlone: 0, sweeps: [] };
const NOTHING_DONE: { readonly work: readonly VerdictWork[]; readonly swept: number } = { work: [], swept: 0 };

interface Ports {
  readonly mail: Mail;
  readonly book: AddressBook;
}

/** Most cycles find nothing: what plans and writes is not even evaluated then. */
async function planFor(occasion: Occasion, located: Located, ports: Ports, context: OnceContext): Promise<CyclePlan> {
  if (occasion.collected.length === 0) return NOTHING_PLANNED;
  const { readPlan } = await import('../../cycle/read-plan');
  return readPlan(occasion, located, ports, context);
}

async function carryOut(plan: CyclePlan, { places }: Located, ports: Ports, context: OnceContext) {
  const { log, stop, ownUid, showWork, onStep } = context;
  const [{ applyPlan }, { applySweep }] = await Promise.all([
    import('../../cycle/apply'),
    import('../../cycle/apply-sweep'),
  ]);
  const total = plan.verdicts.length * 2;
  const work = await applyPlan(plan, {
    ...ports,
    places,
    log: showWork === undefined ? log : { ...log, info: () => {} },
    stop,
    ownUid,
    onStep: () => onStep(total),
  });
  return { work, swept: await applySweep(plan.sweeps, { mail: ports.mail, log, stop }) };
}

/** Both servers side by side. What needs the mail alone is read while the address book is still looked for. */
async function open({ settings, now, openMail, openBook }: OnceContext) {
  const openAndCollect = async () => {
    const mail = await openMail();
    return { mail, collected: await collect(mail, placesIn(settings, mail.mailboxes), { settings, now }) };
  };
  const [opened, book] = await both(openAndCollect(), openBook());
  return { ...opened, book };
}

/** A signal ends a cycle well; a cycle whose time was over has failed. */
function stoppedEarly(stop: AbortSignal): CycleEnd {
  if (!stoppedBySignal(stop)) throw stop.reason;
  return { kind: 'stopped', summary: 'Stopped before anything was written' };
}

/** The time comes with the failure that it is; a signal does not. */
function stoppedBySignal({ aborted, reason }: AbortSignal): boolean {
  return aborted && !(reason instanceof MailroomError);
}

/** The result, or null as soon as the signal comes: whoever waits for a hanging server need not wait on. */
async function unlessStopped<T>(start: () => Promise<T>, stop: AbortSignal): Promise<T | null> {
  if (stop.aborted) return null;
  let onAbort = (): void => {};
  const aborted = new Promise<null>((resolve) => {
    onAbort = () => resolve(null);
    stop.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([start(), aborted]);
  } finally {
    stop.removeEventListener('abort', onAbort);
  }
}
