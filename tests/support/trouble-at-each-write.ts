import { isTransient, MailroomError } from '../../src/errors';
import { type AccountSpec, anAccount, cycleOn, type FakeAccount } from './fake-cycle';
import { Crash, crashBefore, type Trouble } from './journal';

const BUSY = new MailroomError({ code: 'transient', message: 'busy' });

/** What may happen at a write, by its number. */
export const TROUBLES: readonly (readonly [string, (number: number) => Trouble])[] = [
  ['a crash before any write', crashBefore],
  [
    'a write that fails once',
    (number) => (_, current) => {
      if (current === number) throw BUSY;
      return undefined;
    },
  ],
  ['a write whose answer is lost', (number) => (_, current) => (current === number ? { afterwards: BUSY } : undefined)],
];

/**
 * Runs a cycle with trouble at one of its writes, and then one without, for each write in turn, be they of one message
 * or of many: the numbers of the writes, and the accounts as they are then.
 */
export async function* afterTroubleAtEachWrite(
  spec: AccountSpec,
  troubleAt: (number: number) => Trouble,
): AsyncGenerator<{ readonly number: number; readonly account: FakeAccount }> {
  for (const chunkSize of [1, 100]) {
    const whole = anAccount({ ...spec, mail: { chunkSize } });
    await cycleOn(whole);
    for (let number = 1; number <= whole.journal.writes.length; number += 1) {
      const troubled = anAccount({ ...spec, mail: { chunkSize }, trouble: troubleAt(number) });
      await cycleOn(troubled).catch((error) => {
        if (!(error instanceof Crash || isTransient(error))) throw error;
      });
      const { settings, mail, book } = troubled;
      // The same account as it is, on servers without trouble.
      const account = anAccount({
        ...spec,
        settings,
        messages: mail.messages,
        contacts: book.contacts,
        members: book.members,
      });
      await cycleOn(account);
      yield { number, account };
    }
  }
}
