import type { HttpClient } from '../http/client';
import type { Mail } from '../ports';
import { formWith, LISTED_MESSAGE, MESSAGE } from './email';
import { readOwnAddresses } from './identities';
import { createMailboxes, readMailboxes } from './mailboxes';
import { readMessages } from './messages';
import { createMessage, destroyMessages, findOwnMessages } from './own-messages';
import { createApi } from './request';
import { readSession } from './session';
import { updateMessages } from './updates';

export interface MailOptions {
  /** The JMAP session resource. */
  readonly sessionUrl: string;
  readonly http: HttpClient;
}

/**
 * Opens the user's mail by JMAP (RFC 8620, RFC 8621): two requests, one for the session and one for all mailboxes.
 *
 * @throws MailroomError `settings`, `credentials`, `protocol` or `transient`
 */
export async function openMail({ sessionUrl, http }: MailOptions): Promise<Mail> {
  const session = await readSession(http, sessionUrl);
  http.limitConcurrency(session.limits.maxConcurrentRequests);
  const api = createApi(http, session);
  return {
    mailboxes: await readMailboxes(api),
    writable: session.writable,
    username: session.username,
    messages: (queries, extras) => readMessages(api, queries, formWith(MESSAGE, extras)),
    listedMessages: (queries, extras) => readMessages(api, queries, formWith(LISTED_MESSAGE, extras)),
    ownAddresses: () => readOwnAddresses(api, session),
    authenticationResults: async (ids) =>
      (await import('./authentication-results')).readAuthenticationResults(api, ids),
    update: (changes) => updateMessages(api, changes),
    createMailboxes: (names) => createMailboxes(api, names),
    ownMessages: (header, mailboxId) => findOwnMessages(api, header, mailboxId),
    createMessage: (message) => createMessage(api, message),
    destroyMessages: (ids) => destroyMessages(api, ids),
  };
}
