import { createHash } from 'node:crypto';
import type { Account } from './account';
import { inBatches } from './batches';
import { connectByImap } from './imap';
import { rawMessage, type SeedMessage } from './seed-message';

/** The most that one command brings. */
const AT_ONCE = 1000;

/**
 * Adds the messages to their first mailbox by APPEND (RFC 3501, RFC 3502, RFC 7888) and to their others by COPY: a fifth of
 * what Cyrus does for them by JMAP. Gives their JMAP ids, in the same order.
 */
export async function appendByImap(
  { username, password }: Pick<Account, 'username' | 'password'>,
  port: number,
  messages: readonly SeedMessage[],
): Promise<readonly string[]> {
  const imap = await connectByImap(port);
  async function command(...parts: readonly (string | Buffer)[]): Promise<string> {
    const answer = await imap.command(...parts);
    if (!answer.startsWith('a OK')) throw new Error(`IMAP: ${answer}`);
    return answer;
  }

  /** Gives the first UID: the others follow. */
  async function append(mailbox: string, all: readonly Appended[]): Promise<number> {
    const parts = all.flatMap(({ raw, keywords, receivedAt }) => [
      ` (${keywords.map(flagOf).join(' ')}) "${dateTime(receivedAt)}" {${raw.length}+}\r\n`,
      raw,
    ]);
    const answer = await command(`APPEND ${quoted(mailbox)}`, ...parts);
    return Number(/\[APPENDUID \d+ (\d+)/.exec(answer)?.[1]);
  }

  const appended: readonly Appended[] = messages.map((message) => ({ ...message, ...rawMessage(message) }));
  try {
    await command(`LOGIN ${username} ${password}`);
    for (const [mailbox, all] of grouped(appended, ({ mailboxes }) => mailboxes.slice(0, 1)))
      for (const batch of inBatches(all, AT_ONCE)) {
        const uid = await append(mailbox, batch);
        const numbered = batch.map(({ mailboxes }, index) => ({ uid: uid + index, further: mailboxes.slice(1) }));
        const copies = grouped(numbered, ({ further }) => further);
        if (copies.size > 0) await command(`SELECT ${quoted(mailbox)}`);
        for (const [other, copied] of copies)
          await command(`UID COPY ${copied.map((each) => each.uid).join()} ${quoted(other)}`);
      }
  } finally {
    imap.close();
  }
  return appended.map(({ raw }) => emailId(raw));
}

type Appended = SeedMessage & ReturnType<typeof rawMessage>;

/** Each name → the items that have it, both in the order of the items. */
function grouped<Item>(
  items: readonly Item[],
  namesOf: (item: Item) => readonly string[],
): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items)
    for (const name of namesOf(item)) {
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [item]);
      else group.push(item);
    }
  return groups;
}

/** Cyrus makes the id of the message's bytes. */
function emailId(raw: Buffer): string {
  return `M${createHash('sha1').update(raw).digest('hex').slice(0, 24)}`;
}

/** The flags of IMAP are the keywords of JMAP, but for the oldest (RFC 8621, section 4.1.1). */
function flagOf(keyword: string): string {
  return keyword.replace(/^\$(?=(seen|flagged|answered|draft)$)/, '\\');
}

function quoted(mailbox: string): string {
  return `"${mailbox}"`;
}

/** `15-Jan-2026 09:00:00 +0000` (RFC 3501, section 9). */
function dateTime(utcDate: string): string {
  const [, day, month, year, time] = new Date(utcDate).toUTCString().split(' ');
  return `${day}-${month}-${year} ${time} +0000`;
}
