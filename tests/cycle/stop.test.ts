import { MailroomError } from '../../src/errors';
import type { Message } from '../../src/triage/message';
import { aMessage, ownUidOf, SCREENER } from '../support/builders';
import { type AccountSpec, anAccount, cycleOn, type FakeAccount, recordingLog } from '../support/fake-cycle';
import { soon, type Trouble } from '../support/journal';

const OUT_OF_TIME = new MailroomError({ code: 'transient', message: 'The time is over' });
const BUSY = new MailroomError({ code: 'transient', message: 'busy' });

const ADDRESSES = Array.from({ length: 200 }, (_, index) => `s${index}@example.com`);

function accountOf(addresses: readonly string[], spec: Partial<AccountSpec> = {}): FakeAccount {
  const messages = addresses.flatMap((address): Message[] => [
    aMessage(`${address} label`, address, [SCREENER, '@ToFeed']),
    aMessage(`${address} other`, address, [SCREENER]),
  ]);
  return anAccount({ messages, ...spec });
}

/** How many senders are finished; throws where one is neither finished nor untouched. */
function finished({ mail, book }: FakeAccount, addresses: readonly string[]): number {
  return addresses.filter((address) => {
    const state = {
      contact: book.contacts.some(({ uid }) => uid === ownUidOf(address)),
      member: book.members['Feed']?.includes(ownUidOf(address)),
      label: mail.places[`${address} label`]?.join(),
      other: mail.places[`${address} other`]?.join(),
    };
    const done = { contact: true, member: true, label: 'Feed', other: 'Feed' };
    const untouched = { contact: false, member: false, label: `@ToFeed,${SCREENER}`, other: SCREENER };
    expect([done, untouched]).toContainEqual(state);
    return state.contact;
  }).length;
}

function stoppingAtStep(step: number, stop: AbortController, reason?: unknown) {
  let steps = 0;
  return () => {
    steps += 1;
    if (steps === step) stop.abort(reason);
  };
}

describe('a stop in the middle of 200 senders', () => {
  it.each([
    ['by a signal', undefined],
    ['by the time', OUT_OF_TIME],
  ])('%s leaves each of them finished or untouched, and the next cycle goes on', async (_, reason) => {
    const account = accountOf(ADDRESSES);
    const stop = new AbortController();
    const log = recordingLog();
    const end = await cycleOn(account, { stop: stop.signal, log, onStep: stoppingAtStep(50, stop, reason) });
    const count = finished(account, ADDRESSES);
    expect(count).toBeGreaterThanOrEqual(50);
    expect(count).toBeLessThan(60);
    expect(end).toMatchObject({ kind: 'done', report: { triaged: count, notStarted: 200 - count } });
    expect(log.records).toHaveLength(count);

    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 200 - count } });
    expect(finished(account, ADDRESSES)).toBe(200);
  });
});

describe('a stop before anything is written', () => {
  /** A promise that never comes to an end, as a request to a server that hangs. */
  const hanging = () => new Promise<never>(() => {});

  it('by a signal ends the cycle well, even where a server hangs', async () => {
    const stop = new AbortController();
    const end = cycleOn(accountOf(ADDRESSES), { stop: stop.signal, openBook: hanging });
    stop.abort();
    await expect(end).resolves.toEqual({ kind: 'stopped', summary: 'Stopped before anything was written' });
  });

  it('by the time is a failed cycle', async () => {
    const stop = new AbortController();
    const end = cycleOn(accountOf(ADDRESSES), { stop: stop.signal, openBook: hanging });
    stop.abort(OUT_OF_TIME);
    await expect(end).rejects.toBe(OUT_OF_TIME);
  });

  it('while mail is read writes nothing', async () => {
    const account = accountOf(ADDRESSES);
    const stop = new AbortController();
    const openMail = async () => {
      const mail = account.mail.open();
      const messages: typeof mail.messages = (queries) => {
        stop.abort();
        return mail.messages(queries);
      };
      return { ...mail, messages };
    };
    await expect(cycleOn(account, { stop: stop.signal, openMail })).resolves.toMatchObject({ kind: 'stopped' });
    expect(account.journal.writes).toEqual([]);
  });

  it('that came before the start asks no server', async () => {
    const open = jest.fn(() => Promise.reject(new Error('asked')));
    const servers = { openMail: open, openBook: open };
    await expect(cycleOn(accountOf([]), { stop: AbortSignal.abort(), ...servers })).resolves.toMatchObject({
      kind: 'stopped',
    });
    expect(open).not.toHaveBeenCalled();
  });
});

describe('a stop by a signal while servers hang', () => {
  /** As when all requests are ended because the senders in hand had their time. */
  const halted: Trouble = () => {
    throw new MailroomError({ code: 'transient', message: 'The requests were ended' });
  };

  it('ends the cycle well though no sender in hand could be finished', async () => {
    const account = accountOf(ADDRESSES, { trouble: halted });
    const stop = new AbortController();
    const end = cycleOn(account, { stop: stop.signal, onStep: stoppingAtStep(1, stop) });
    await expect(end).resolves.toMatchObject({ kind: 'stopped' });
  });

  it('is a failed cycle where it was the time that was over', async () => {
    const account = accountOf(ADDRESSES, { trouble: halted });
    const stop = new AbortController();
    const end = cycleOn(account, { stop: stop.signal, onStep: stoppingAtStep(1, stop, OUT_OF_TIME) });
    await expect(end).rejects.toMatchObject({ code: 'transient' });
  });
});

describe('a server that fails for one sender after the other', () => {
  const creations = ({ journal }: FakeAccount) => journal.writes.filter((line) => line.startsWith('create')).length;

  it('is asked for no more after ten in a row', async () => {
    const account = accountOf(ADDRESSES, {
      trouble: () => {
        throw BUSY;
      },
    });
    await expect(cycleOn(account)).rejects.toMatchObject({ code: 'transient' });
    expect(creations(account)).toBeGreaterThanOrEqual(10);
    expect(creations(account)).toBeLessThan(18);
  });

  it('is asked for all of them where it answers now and then', async () => {
    let count = 0;
    const account = accountOf(ADDRESSES, {
      trouble: (line) => {
        if (line.startsWith('create')) {
          count += 1;
          if (count % 8 !== 0) throw BUSY;
        }
        return undefined;
      },
    });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 25, failed: 175, notStarted: 0 } });
  });

  it('is asked for all of them where it refuses them', async () => {
    const account = accountOf(ADDRESSES, {
      trouble: (line) => {
        if (line.startsWith('create') && !line.includes('s199@')) {
          throw new MailroomError({ code: 'refused', message: 'no' });
        }
        return undefined;
      },
    });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1, refused: 199 } });
  });
});

describe('a failure that is no sender’s', () => {
  it('starts no more senders', async () => {
    const account = accountOf(ADDRESSES, {
      trouble: (line) => {
        if (line.includes('s4@')) throw new MailroomError({ code: 'credentials', message: 'The password is rejected' });
        return undefined;
      },
    });
    await expect(cycleOn(account)).rejects.toMatchObject({ code: 'credentials' });
    const started = account.journal.writes.length;
    for (let turn = 0; turn < 20; turn++) await soon();
    expect(account.journal.writes.length - started).toBeLessThan(8);
  });
});

describe('progress', () => {
  it('is told once when a sender is started and once when it is finished', async () => {
    const steps: number[] = [];
    await cycleOn(accountOf(ADDRESSES.slice(0, 7)), { onStep: (total) => steps.push(total) });
    expect(steps).toEqual(Array.from({ length: 14 }, () => 14));
  });
});
