import type { CommandContext } from '../../src/commands/context';
import { once } from '../../src/commands/once/once';
import { reset } from '../../src/commands/reset/reset';
import { setup } from '../../src/commands/setup/setup';
import { readSettings, type Settings } from '../../src/config';
import { ownUid, ownUids } from '../../src/contacts/own-uid';
import { MailroomError } from '../../src/errors';
import type { HttpClientOptions } from '../../src/http/client';
import { NO_PROGRESS } from '../../src/progress';
import { PLAIN } from '../../src/screen/screen';
import { openBoth } from '../../src/wiring/servers';
import type { Account } from '../support/account';
import { openAccountBook, openAccountMail } from '../support/clients';
import { recordingLog } from '../support/fake-cycle';
import { settingsOf } from '../support/mailroom';
import { CATEGORIES } from './account';

export type Command = 'cycle' | 'reset' | 'setup';

/** Both servers of an account; opened anew for each run, as a process does. */
export type Servers = Pick<CommandContext, 'openMail' | 'openBook'>;

/** Weeks after the mail of the tests, so that what is old has to be searched for. */
export const NOW = new Date('2026-03-01T10:00:00Z');

/** Real clients over the network, without the pauses of a real life. */
export function openOverNetwork(
  account: Account,
  quirks: Pick<HttpClientOptions, 'signal' | 'onRequest'> & { readonly attemptTimeout?: number } = {},
): Servers {
  const options = { pauses: { backOff: 1, unauthorized: 1, longestRetryAfter: 1_000 }, ...quirks };
  return {
    openMail: () => openAccountMail(account, options),
    openBook: () => openAccountBook(account, options),
  };
}

/**
 * Runs a command of Mailroom's in this process. Gives the failure that it ended with, if any; what is no
 * {@link MailroomError} is a defect, and thrown.
 */
export async function run(command: Command, account: Account, servers: Servers): Promise<MailroomError | undefined> {
  const settings = settingsFor(account);
  const stop = new AbortController().signal;
  const beside = { log: recordingLog(), progress: NO_PROGRESS, print: () => {} };
  const context = { settings, now: NOW, ...servers, open: () => openBoth(servers), stop, ...beside };
  try {
    if (command === 'cycle') await once({ ...context, ownUid, showPlan: undefined, onStep: () => {} });
    else if (command === 'setup') await setup({ ...context, screen: PLAIN }, new Set(['apply']));
    else await reset({ ...context, ownUids, screen: PLAIN, confirm: async () => true }, new Set(['apply', 'yes']));
    return undefined;
  } catch (error) {
    if (error instanceof MailroomError) return error;
    throw error;
  }
}

/** The environment of a process that is to do the same. */
export const CATEGORIES_SETTING = { MAILROOM_CATEGORIES: JSON.stringify(CATEGORIES) };

const settingsByUrl = new Map<string, Settings>();

/** Reading them costs more than a short cycle. */
function settingsFor(account: Account): Settings {
  const { sessionUrl, carddavUrl, token, username, password } = account;
  const known = settingsByUrl.get(sessionUrl) ?? readSettings({ ...settingsOf(account), ...CATEGORIES_SETTING });
  settingsByUrl.set(sessionUrl, known);
  return { ...known, cardDavUrl: carddavUrl, jmapToken: token, cardDavUsername: username, cardDavPassword: password };
}
