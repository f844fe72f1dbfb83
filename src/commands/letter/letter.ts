import { createHash } from 'node:crypto';
import type { Settings } from '../../config';
import { mailboxNamed, requireMailbox } from '../../cycle/locate';
import { EXIT, type ExitStatus } from '../../errors';
import type { Mail } from '../../ports';
import { plural } from '../../printable';
import { PROGRAM } from '../../program';
import { isAddress } from '../../triage/sender';
import type { CommandContext } from '../context';
import { LETTER_HEADER } from './header';
import { readFacts } from './read-letter';
import type { Written } from './render';
import { planLetter, writeLetter } from './written';

type Context = Pick<CommandContext, 'settings' | 'now' | 'cluster' | 'log' | 'progress' | 'open' | 'print'>;

const NOBODY = 'mailroom@localhost.invalid';

/**
 * Prints the Screener's letter; with `--send` it is put into the mailbox in place of the one before. The new one is there
 * before the old one goes: whatever interrupts this leaves one letter too many, which the next run takes away.
 */
export async function letter(context: Context, options: ReadonlySet<string>): Promise<ExitStatus> {
  const { settings, print } = context;
  const ports = await context.open();
  const { mail } = ports;
  const send = options.has('send');
  const found = send
    ? requireMailbox(settings.letterMailbox, mail.mailboxes)
    : mailboxNamed(settings.letterMailbox, mail.mailboxes);
  const mailboxId = typeof found === 'object' ? found.id : null;
  const written = writeLetter(await readFacts(ports, context), { links: isFastmail(settings) });
  const digest = written && digestOf(written);
  const plan = planLetter(digest, await mail.ownMessages(LETTER_HEADER, mailboxId));
  if (!send) {
    print(written === undefined ? 'There is nothing to tell.' : `${written.subject}\n\n${written.text}`);
    print(`Nothing was written. ${intentionOf(plan)}: ${PROGRAM} letter --send`);
    return EXIT.ok;
  }
  if (plan.create && written !== undefined && digest !== undefined && mailboxId !== null) {
    const header = { name: LETTER_HEADER, value: digest };
    await mail.createMessage({ mailboxId, address: addressFor(mail, settings), header, ...written });
  }
  await mail.destroyMessages(plan.destroy);
  print(doneOf(plan, written));
  return EXIT.ok;
}

function intentionOf({ create, destroy }: ReturnType<typeof planLetter>): string {
  if (create) return 'To put it into the mailbox';
  return destroy.length > 0
    ? 'To take the letter before it away'
    : 'The mailbox is as it should be, which is also checked by';
}

function doneOf({ create, destroy }: ReturnType<typeof planLetter>, written: Written | undefined): string {
  const gone = destroy.length === 0 ? '' : ` ${plural(destroy.length, 'letter')} before it taken away.`;
  if (create) return `The letter is in the mailbox.${gone}`;
  if (written !== undefined) return `The letter says the same as before, and stays as it is.${gone}`;
  return `There is nothing to tell, and no letter.${gone}`;
}

/** What the letter says, in a form in which two of them are compared. */
function digestOf({ subject, text, html }: Written): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, text, html]))
    .digest('hex');
}

/** The user's own address, as far as it is known. */
function addressFor({ username }: Mail, { cardDavUsername }: Settings): string {
  return [username, cardDavUsername].find((name) => isAddress(name) && !/\s/.test(name)) ?? NOBODY;
}

/** Only Fastmail's own mail client has the searches that links open. */
function isFastmail({ jmapSessionUrl }: Settings): boolean {
  return /(^|\.)fastmail\.com$/.test(new URL(jmapSessionUrl).hostname);
}
