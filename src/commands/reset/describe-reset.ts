import type { Mailbox } from '../../ports';
import { counted, plural } from '../../printable';
import type { Contact } from '../../triage/contact';
import { compareTexts } from '../../triage/order';
import { type ContactFate, untakeable } from '../../triage/reset';
import { rulesFor } from '../../triage/routes';
import { ruleNames } from '../setup/fastmail-rules';
import type { ResetOutcome } from './apply-reset';
import type { ResetPlan } from './read-reset';

/** A reset in counts and names, planned or done. */
export interface ResetReport {
  /** False for a plan. */
  readonly applied: boolean;
  /** True when nothing is left to take back. */
  readonly complete: boolean;
  /** Senders whose mail goes back. */
  readonly senders: number;
  /** Messages that go back to the Screener. */
  readonly messages: number;
  /** Name of a mailbox → messages that leave it. */
  readonly mailboxes: Readonly<Record<string, number>>;
  /** Messages that lose a system label. */
  readonly systemLabels: number;
  /** Letters of the Screener that are destroyed. */
  readonly letters: number;
  /** Name of a group → members that leave it. */
  readonly groups: Readonly<Record<string, number>>;
  readonly deleted: readonly ContactReport[];
  readonly kept: readonly (ContactReport & {
    /** True for a contact that Mailroom made and somebody has changed; false for one of the user's own. */
    readonly changed: boolean;
  })[];
  /** Verdicts in the history whose categories the settings do not know: mail in their mailboxes stays there. */
  readonly unknownVerdicts: readonly string[];
  /** Contacts whose name is not the one that Mailroom gave them, so that it stays. */
  readonly keptNames: readonly ContactReport[];
  /** Messages that carry a triage label: the next cycle triages their senders. */
  readonly pending: number;
  /** Names of the mail server's rules, which only a person can take out. */
  readonly rules: readonly string[];
}

interface ContactReport {
  readonly name: string | null;
  readonly addresses: readonly string[];
}

export function describeReset(
  { places, pending, settings, ...plan }: ResetPlan,
  outcome: ResetOutcome | undefined,
  mailboxes: readonly Mailbox[],
): ResetReport {
  const returns = outcome?.returned ?? plan.returns;
  const contacts = outcome?.contacts ?? plan.contacts;
  const back = returns.filter(({ change }) => change.remove.some((id) => !places.systemLabels.has(id)));
  const counts = new Map<string, number>();
  for (const id of back.flatMap(({ change }) => change.remove.filter((each) => !places.systemLabels.has(each)))) {
    const name = mailboxes.find((mailbox) => mailbox.id === id)?.name ?? id;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const ofFate = (wanted: readonly ContactFate[]) =>
    contacts
      .filter(({ fate }) => wanted.includes(fate))
      .map(({ contact, fate }) => ({ ...reportOn(contact), changed: fate === 'keep changed' }));
  const leftOf = ({ contact }: ResetPlan['contacts'][number]) => untakeable(contact, settings.categories);
  return {
    applied: outcome !== undefined,
    complete: outcome !== undefined && !outcome.stopped && outcome.failures.length === 0,
    senders: new Set(back.map(({ sender }) => sender)).size,
    messages: back.length,
    mailboxes: byName(counts),
    systemLabels: returns.filter(({ change }) => change.remove.some((id) => places.systemLabels.has(id))).length,
    letters: outcome?.letters ?? plan.letters.length,
    groups: byName(outcome?.emptied ?? plan.groups.map(({ name, members }) => [name, members.length] as const)),
    deleted: ofFate(['delete']).map(({ name, addresses }) => ({ name, addresses })),
    kept: ofFate(['keep changed', 'keep own']),
    unknownVerdicts: [...new Set(contacts.flatMap((one) => leftOf(one).verdicts))].sort(compareTexts),
    keptNames: contacts.filter((one) => leftOf(one).name).map(({ contact }) => reportOn(contact)),
    pending,
    rules: ruleNames({ ...rulesFor(settings.categories, plan.kinds), screener: settings.screenerMailbox }),
  };
}

function byName(counts: Iterable<readonly [name: string, count: number]>): Readonly<Record<string, number>> {
  return Object.fromEntries([...counts].sort(([one], [other]) => compareTexts(one, other)));
}

/** True where there is nothing to take back. */
export function isClean({ messages, systemLabels, letters, groups, deleted, kept }: ResetReport): boolean {
  return messages + systemLabels + letters + Object.keys(groups).length + deleted.length + kept.length === 0;
}

/** True where something of the history stays as it is, whatever is done. */
export function leavesSomething({ unknownVerdicts, keptNames }: ResetReport): boolean {
  return unknownVerdicts.length + keptNames.length > 0;
}

/** The report for people, line by line. */
export function resetLines(report: ResetReport, screener: string): readonly string[] {
  const { applied, senders, messages, mailboxes, systemLabels, letters, groups, deleted, kept, pending } = report;
  const { unknownVerdicts, keptNames } = report;
  const verb = (count: number): string => (applied ? (count === 1 ? 'was' : 'were') : 'would be');
  const block = (count: number, head: string, lines: readonly string[]): readonly string[] =>
    count === 0 ? [] : [head, ...lines.map((line) => `  ${line}`)];
  const contacts = (some: readonly ContactReport[], whose: string, fate: string): readonly string[] =>
    block(some.length, `${plural(some.length, 'contact')} ${whose} ${verb(some.length)} ${fate}:`, namesOf(some));
  const groupCount = Object.keys(groups).length;
  return [
    ...block(
      messages,
      `${plural(messages, 'message')} of ${plural(senders, 'sender')} ${verb(messages)} moved back to ${screener}, out of`,
      [counted(mailboxes)],
    ),
    ...block(
      systemLabels,
      `${plural(systemLabels, 'message')} ${verb(systemLabels)} freed of Mailroom's own labels.`,
      [],
    ),
    ...block(letters, `${plural(letters, 'letter')} of the Screener ${verb(letters)} destroyed.`, []),
    ...block(groupCount, `${plural(groupCount, 'contact group')} ${verb(groupCount)} emptied, with so many members:`, [
      counted(groups),
    ]),
    ...contacts(deleted, 'that Mailroom made and nobody has changed', 'deleted'),
    ...contacts(
      kept.filter(({ changed }) => changed),
      'that Mailroom made and somebody has changed',
      "kept, without Mailroom's lines",
    ),
    ...contacts(
      kept.filter(({ changed }) => !changed),
      'of your own',
      "kept, without Mailroom's lines",
    ),
    ...block(
      unknownVerdicts.length,
      'No category of the settings has these names of the history; mail in their mailboxes stays there, and members in their groups:',
      [unknownVerdicts.join(', ')],
    ),
    ...contacts(keptNames, 'with another name than the one that Mailroom gave', 'left with that name'),
    ...block(
      pending,
      `${plural(pending, 'message')} still ${pending === 1 ? 'carries' : 'carry'} a triage label, on which the next cycle acts.`,
      [],
    ),
  ];
}

function namesOf(contacts: readonly ContactReport[]): readonly string[] {
  return contacts
    .map(({ name, addresses }) => {
      const address = addresses.join(', ') || 'no address';
      return name?.trim() && name !== address ? `${name} <${address}>` : address;
    })
    .sort();
}

function reportOn({ formattedName, addresses }: Contact): ContactReport {
  return { name: formattedName, addresses };
}

/** What nobody but a person can take back: without Mailroom, the Screener's rule hides strangers' mail for ever. */
export function farewellLines({ rules }: ResetReport): readonly string[] {
  return [
    'If you leave Mailroom, take its rules out (on Fastmail: Settings → Mail rules), or mail of strangers goes on skipping the Inbox, and nobody triages it:',
    `  ${rules.join(', ')}`,
  ];
}
