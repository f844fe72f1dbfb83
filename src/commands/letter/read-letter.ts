import { judgedKinds, locate, mailboxNamed, missingFrom } from '../../cycle/locate';
import { objectionReason } from '../../cycle/next';
import { extrasFor } from '../../cycle/read';
import { readJudgement } from '../../cycle/read-judgement';
import type { AddressBook, Mail } from '../../ports';
import { PROGRAM } from '../../program';
import { HISTORY_MARK } from '../../triage/history';
import type { ListedMessage } from '../../triage/message';
import { recordedVerdicts } from '../../triage/recorded';
import { senderOf } from '../../triage/sender';
import { groupsOutOfReach } from '../check/warnings';
import type { CommandContext } from '../context';
import { findCautions } from '../queue/find-cautions';
import { readQueue } from '../queue/read-queue';
import { statusReport } from '../status/status';
import type { LetterFacts } from './content';

export type LetterContext = Pick<CommandContext, 'settings' | 'now' | 'cluster' | 'log' | 'progress'>;

interface Ports {
  readonly mail: Mail;
  readonly book: AddressBook;
}

/** Reads all that the letter tells of. Of what the settings name the Screener alone has to be there. */
export async function readFacts(ports: Ports, context: LetterContext): Promise<LetterFacts> {
  const { mail, book } = ports;
  const { settings } = context;
  const queue = await readQueue(mail, context);
  const undo = settings.featureLabels.undo;
  const { mailboxes, groups, ambiguous } = missingFrom(settings, mail.mailboxes, book.groups);
  const outOfReach = [...mailboxes, ...groups, ...ambiguous];
  const beyond = groupsOutOfReach(settings, judgedKinds(settings, mail.mailboxes), book.groups).map((name) =>
    JSON.stringify(name),
  );
  return {
    waiting: queue.senders,
    senderless: queue.withoutSender + queue.severalSenders,
    cautions: await findCautions(queue.senders, ports, settings),
    verdicts: recordedVerdicts(await book.findByNote(HISTORY_MARK)),
    // What is missing is told already, and no message is judged without it.
    errors: outOfReach.length === 0 ? await readErrors(ports, context) : [],
    chores: [...missingThings(outOfReach, book), ...(await staleness(context))],
    notes:
      beyond.length === 0
        ? []
        : [`No rule reaches these contact groups: ${beyond.join(', ')}. \`${PROGRAM} check\` says more.`],
    categories: settings.categories,
    undoLabel: undo !== null && typeof mailboxNamed(undo, mail.mailboxes) === 'object' ? undo : null,
  };
}

function missingThings(outOfReach: readonly string[], book: AddressBook): readonly string[] {
  const quoted = outOfReach.map((name) => JSON.stringify(name)).join(', ');
  const unreadable = book.unreadable().length;
  return [
    ...(quoted === ''
      ? []
      : [`No cycle can run: mailboxes or contact groups are out of reach: ${quoted}. \`${PROGRAM} check\` says more.`]),
    ...(unreadable === 0 ? [] : [`The address book has cards that cannot be read. \`${PROGRAM} check\` names them.`]),
  ];
}

/** That cycles have stopped. The letter is the same for as long as that lasts. */
async function staleness({ cluster, now, settings, log }: LetterContext): Promise<readonly string[]> {
  if (cluster === undefined) return [];
  try {
    const { healthy, lastSuccess } = statusReport(await cluster.readState(), now, settings.pollInterval);
    if (healthy) return [];
    const since = lastSuccess === null ? 'No cycle has succeeded yet' : `No cycle has succeeded since ${lastSuccess}`;
    return [`${since}. \`${PROGRAM} status\` in a pod says why.`];
  } catch (error) {
    log.warn('The letter does not say how the last cycles went: the cluster does not tell', { error });
    return [];
  }
}

async function readErrors({ mail, book }: Ports, { settings }: LetterContext): Promise<LetterFacts['errors']> {
  const errorLabel = mailboxNamed(settings.errorLabel, mail.mailboxes);
  if (typeof errorLabel !== 'object' || errorLabel.totalEmails === 0) return [];
  const marked: ListedMessage[] = [];
  const { places } = locate(settings, mail, book);
  const queries = [{ inMailboxes: [errorLabel.id] }];
  for await (const page of mail.listedMessages(queries, extrasFor(places))) marked.push(...page);
  const { objections, verdicts } = await readJudgement(
    marked.map((message) => ({ ...message, mailboxIds: message.mailboxIds.filter((id) => id !== errorLabel.id) })),
    places,
    mail,
  );
  const reasons = new Map([
    ...objections.flatMap((objection) => objection.messages.map(({ id }) => [id, objectionReason(objection)] as const)),
    ...verdicts.flatMap(({ decision, labelled }) =>
      labelled.map((message) => {
        const explained = `\`${PROGRAM} explain ${senderOf(message)}\``;
        const isRefused = decision !== 'take back';
        return [
          message.id,
          isRefused ? `a server refused it: ${explained} says more` : `${explained} says why`,
        ] as const;
      }),
    ),
  ]);
  return marked.map(({ id, subject, from }) => ({
    subject,
    from: from?.[0]?.email ?? 'no From address',
    why: reasons.get(id) ?? 'it has no triage label any more',
  }));
}
