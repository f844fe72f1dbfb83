import { EXIT, type ExitStatus, MailroomError } from '../../errors';
import { escapeInvisible } from '../../printable';
import { PROGRAM } from '../../program';
import { indentedSentence } from '../../screen/lines';
import type { CommandContext } from '../context';
import { applyReset, type ResetOutcome } from './apply-reset';
import { describeReset, farewellLines, isClean, leavesSomething, type ResetReport, resetLines } from './describe-reset';
import { type ResetReading, readReset } from './read-reset';

export interface ResetContext extends ResetReading, Pick<CommandContext, 'open' | 'print' | 'screen' | 'log'> {
  /** Asks a person whether to go on. */
  readonly confirm: (question: string) => Promise<boolean>;
  /** Aborted when nothing more is to be started. */
  readonly stop: AbortSignal;
}

/**
 * Shows what of Mailroom's doing can be taken back; with `--apply` it asks and takes it back. After an interruption
 * another run goes on. Throws {@link MailroomError} with everything that could not be taken back.
 */
export async function reset(context: ResetContext, options: ReadonlySet<string>): Promise<ExitStatus> {
  const { settings, screen, stop } = context;
  const ports = await context.open();
  const plan = await readReset(ports, context);
  const planned = describeReset(plan, undefined, ports.mail.mailboxes);
  const show = (report: ResetReport, conclusion: string, exit: ExitStatus = EXIT.ok): ExitStatus => {
    context.print(
      options.has('json')
        ? escapeInvisible(JSON.stringify(report))
        : [resetLines(report, settings.screenerMailbox), farewellLines(report), [conclusion]]
            .filter((block) => block.length > 0)
            .flatMap((block, index) => (index === 0 ? block : ['', ...block]))
            .flatMap((line) => indentedSentence(line, screen))
            .join('\n'),
    );
    return exit;
  };
  if (isClean(planned)) return show({ ...planned, complete: true }, 'There is nothing to take back.');
  if (!options.has('apply')) return show(planned, `Nothing was written. To do this: ${PROGRAM} reset --apply`);
  if (!options.has('yes')) {
    if (!options.has('json')) show(planned, STOP_CYCLES);
    if (!(await context.confirm('Take all this back?'))) {
      const exit = stop.aborted ? EXIT.interrupted : EXIT.declined;
      if (options.has('json')) return show(planned, '', exit);
      context.print('Nothing was written.');
      return exit;
    }
  }
  const outcome = await takeBack(() => applyReset(plan, { ...context, ...ports }), context);
  if (outcome === null) return EXIT.tryAgain;
  const done = describeReset(plan, outcome, ports.mail.mailboxes);
  if (outcome.stopped) return show(done, STOPPED, EXIT.tryAgain);
  if (outcome.failures.length === 0) return show(done, leavesSomething(done) ? MOST_OF_IT : 'All of it is taken back.');
  show(done, 'Not all of it could be taken back.');
  throw new MailroomError({
    code: 'transient',
    message: `Not everything could be taken back: ${outcome.failures.join('; ')}`,
    hint: 'Run it again: it goes on where this run ended',
  });
}

const STOP_CYCLES = 'Stop the cycles first, or the next one undoes this.';
const MOST_OF_IT = 'All of it is taken back, but for what is said above to stay.';
const STOPPED = 'Stopped before the end. Run it again: it goes on where this run ended.';

/** Null when the work had to be broken off, as its time after a signal was over. */
async function takeBack(work: () => Promise<ResetOutcome>, { stop, log }: ResetContext): Promise<ResetOutcome | null> {
  try {
    return await work();
  } catch (error) {
    if (!stop.aborted) throw error;
    log.warn(STOPPED);
    return null;
  }
}
