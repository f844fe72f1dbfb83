import type { Log } from '../log';
import type { AddressBook, Mail } from '../ports';
import { isCategory } from '../triage/decision';
import type { Objection } from '../triage/judge';
import type { Places } from '../triage/places';
import { type CyclePlan, errorLabelOn } from '../triage/plan';
import type { Standing } from '../triage/standing';
import { fieldsOf } from '../triage/subject';
import { applyContacts } from './apply-contacts';
import { applyGroups } from './apply-groups';
import { applyMail } from './apply-mail';
import { applyReleases } from './apply-releases';
import { partiesOf, underFields, warningOf } from './describe-plan';
import { type VerdictWork, workOn } from './verdict-work';

export interface ApplyContext {
  readonly mail: Mail;
  readonly book: AddressBook;
  readonly places: Places;
  readonly log: Log;
  readonly stop: AbortSignal;
  readonly ownUid: (address: string, attempt: number) => string;
  /** Called once for each sender that is started, and once for each that is finished. */
  readonly onStep: () => void;
}

/**
 * Writes the plan. The order matters, since a crash between any two writes must leave something that the next cycle
 * finishes: contact, groups to join, groups to leave, the sender's other mail, contacts of senders without a verdict,
 * and last the labelled messages, whose label is what the next cycle would go by. After a stop, senders in hand are finished and no more are started.
 */
export async function applyPlan(plan: CyclePlan, context: ApplyContext): Promise<readonly VerdictWork[]> {
  const { mail, book, log, onStep } = context;
  const work = plan.verdicts.map(workOn);
  await applyContacts(work, { ...context, onStart: onStep });
  await applyGroups(work, book);
  await applyMail(work, ({ plan: { backlog } }) => backlog, mail);
  await applyReleases(work, book);
  await applyMail(work, ({ plan: { labelled } }) => labelled, mail);
  for (const one of work.filter(({ started }) => started)) {
    logWork(one, log);
    onStep();
  }
  await putErrorLabels(plan, work, context);
  return work;
}

/** On messages that are objected to, and on those of senders that a server refuses. */
async function putErrorLabels(plan: CyclePlan, work: readonly VerdictWork[], { mail, places, log }: ApplyContext) {
  for (const { objection } of plan.objections) {
    log.warn(OBJECTION_WORDS[objection.reason], {
      ...partiesOf(objection),
      messages: objection.messages.length,
    });
  }
  // A labelled message that could be filed waits for nobody.
  const refused = work
    .filter(({ failure }) => failure?.code === 'refused')
    .flatMap(({ plan: { verdict }, filed }) => verdict.labelled.filter(({ id }) => !filed.has(id)));
  const outcomes = await mail.update([
    ...plan.objections.flatMap(({ changes }) => changes),
    ...refused.map((message) => errorLabelOn(message, places)),
  ]);
  const unmarked = new Set([...outcomes].flatMap(([id, outcome]) => ('reason' in outcome ? id : [])));
  // Whose other message alone is marked would be heard by the next cycle as if there were no conflict.
  const halves = plan.objections
    .map(({ changes }) => changes.map(({ id }) => id))
    .filter((ids) => ids.some((id) => unmarked.has(id)));
  await mail.update(
    halves.flatMap((ids) =>
      ids.filter((id) => !unmarked.has(id)).map((id) => ({ id, add: [], remove: [places.errorLabel], whileIn: [] })),
    ),
  );
  if (unmarked.size > 0) log.error('Some messages could not get the error label', { messages: unmarked.size });
}

const OBJECTION_WORDS: Readonly<Record<Objection['reason'], string>> = {
  conflict: 'Conflict: the sender has several triage labels',
  'no sender': 'A labelled message has no usable From',
  'several senders': 'A labelled message has several From addresses, and belongs to none of them',
  'no junk mailbox': 'Spam has nowhere to go: no mailbox has the role junk',
  'domain and list': 'A labelled message asks for a verdict on its domain and on its list at once',
  'public domain': 'The addresses of the domain belong to people who have nothing to do with each other',
  'own domain': "The domain is one of the user's own",
  'no list': 'A labelled message does not say where its mailing list is posted to',
  'not addressed to its list': 'A labelled message is not addressed to the mailing list that it names',
  'verdict of its domain': "There is nothing to take back: the sender's verdict is its domain's",
  'verdict of its list': "There is nothing to take back: the verdict is the mailing list's",
};

function logWork({ plan, standing, filed, failure }: VerdictWork, log: Log): void {
  const { verdict, cautions, under } = plan;
  const { decision, subject } = verdict;
  const facts = { ...fieldsOf(subject), ...(isCategory(decision) ? { category: decision.name } : {}) };
  if (failure === null) {
    log.info(isCategory(decision) ? 'Triaged' : DONE[decision], {
      ...facts,
      ...(standing.from === null ? {} : { from: standing.from }),
      ...contactOf(standing),
      filed: filed.size,
      ...warningOf(cautions),
      ...underFields(under),
    });
  } else if (failure.code === 'refused') {
    log.error(`The server refuses this ${subject.kind}; its labelled messages get the error label`, {
      ...facts,
      error: failure,
    });
  } else {
    log.warn(`This ${subject.kind} has to wait for the next cycle`, { ...facts, error: failure });
  }
}

const DONE = { 'take back': 'Took the verdict back', spam: 'Moved to the junk mailbox as spam' } as const;

const CONTACT_WORDS = { create: 'created', change: 'changed', keep: 'kept' } as const;

function contactOf({ step, releases }: Standing) {
  if (releases.length > 0) return { contact: 'released' };
  return step.kind === 'none' ? {} : { contact: CONTACT_WORDS[step.kind] };
}
