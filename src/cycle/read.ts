import type { Settings } from '../config';
import type { Mail, MessageExtra, MessageQuery } from '../ports';
import type { Judgement } from '../triage/judge';
import type { Message } from '../triage/message';
import type { Places } from '../triage/places';

/** Days of managed mailboxes that are listed as well as searched: a search index may lag behind by as much. */
const RECENT_DAYS = 7;

/** What lies in the Screener for longer was put there by the user, or is left to the user. */
const SWEPT_HOURS = 24;

export interface Collecting {
  readonly settings: Pick<Settings, 'sweep'>;
  readonly now: Date;
}

/**
 * Every message in any triage label and, where the sweep is on, every one that came into the Screener since yesterday: in
 * one request, and without any where the mailboxes' own counts say that there is none.
 */
export async function collect(mail: Mail, places: Places, { settings, now }: Collecting): Promise<readonly Message[]> {
  const holding = mail.mailboxes.filter(({ totalEmails }) => totalEmails > 0).map(({ id }) => id);
  const labels = holding.filter((id) => places.labels.has(id));
  const queries: readonly MessageQuery[] = [
    ...(labels.length === 0 ? [] : [{ inMailboxes: labels }]),
    ...(settings.sweep && holding.includes(places.screener)
      ? [{ inMailboxes: [places.screener], since: sweptSince(now) }]
      : []),
  ];
  const found = new Map<string, Message>();
  for await (const page of mail.messages(queries, extrasFor(places))) {
    for (const message of page) found.set(message.id, message);
  }
  return [...found.values()];
}

/** What verdicts on mailing lists need to know of messages, where there may be any. */
export function extrasFor({ wholeList }: Places): readonly MessageExtra[] {
  return wholeList === null ? [] : ['lists'];
}

/** UTCDate since when what came into the Screener may have slipped past the rules. */
export function sweptSince(now: Date): string {
  return utcDate(now.getTime() - SWEPT_HOURS * 3_600_000);
}

/** What a cycle goes by. */
export interface Occasion {
  /** As {@link collect} gives it. */
  readonly collected: readonly Message[];
  /** What is judged of it. */
  readonly judgement: Judgement;
}

/** UTCDate since when mail may be missing from the server's search index. */
export function recently(now: Date): string {
  return utcDate(now.getTime() - RECENT_DAYS * 86_400_000);
}

/** RFC 8620, section 1.4. */
function utcDate(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
