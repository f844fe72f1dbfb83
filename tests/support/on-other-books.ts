import type { Account, BookServer, MailServer } from './account';
import { CARDDAV_SERVERS, carddavServersRequirement } from './carddav-servers';
import { cyrusRequirement, sharedCyrus } from './cyrus';
import { describeWith } from './requirement';

/** Mail on one server, contacts on another. */
export type SplitServer = Pick<MailServer, 'addUser' | 'index'>;

/** A suite over mail on a Cyrus and contacts on each server that shares no code with it. */
export function describeOnOtherBooks(title: string, body: (server: () => SplitServer) => void): void {
  for (const { name, start } of CARDDAV_SERVERS)
    describeWith(cyrusRequirement, `${title}, with contacts on ${name}`, () => {
      describeWith(carddavServersRequirement, 'beside a Cyrus', () => {
        let mail: MailServer | undefined;
        let contacts: BookServer | undefined;
        beforeAll(async () => {
          [mail, contacts] = await Promise.all([sharedCyrus(), start()]);
        });
        afterAll(() => Promise.all([mail?.stop(), contacts?.stop()]));
        body(() => {
          if (mail === undefined || contacts === undefined) throw new Error('The servers have not started');
          return split(mail, contacts);
        });
      });
    });
}

function split(mail: MailServer, contacts: BookServer): SplitServer {
  return {
    async addUser(name): Promise<Account> {
      const account = await mail.addUser(name);
      return { ...account, ...(await contacts.addUser(account.username)) };
    },
    index: mail.index,
  };
}
