import type { AsyncCommand } from 'fast-check';
import { linesOf } from '../../support/card-driver';
import { brokenByTriage } from '../../support/invariants/promises';
import { brokenByReset, leftByReset } from '../../support/invariants/reset-promises';
import type { Sight, SightedContact, SightedMessage } from '../../support/invariants/sight';
import { LABELS, MODIFIERS, RULES } from '../account';
import { NOW } from '../in-process';
import type { Life } from './life';
import { LISTS, WRITERS } from './people';

/** One thing that happens. It reads as the call that makes it, so that a story can be told again. */
export type Event = AsyncCommand<object, Life>;

export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

/** Mail comes in, labelled or not; on the day of the cycles, or weeks before. */
export const receive = (writer: number, places: readonly string[], name = '', isNew = false): Event =>
  event('receive', [writer, places, name, isNew], async ({ account }) => {
    const address = at(WRITERS, writer);
    const received = isNew ? { receivedAt: `${NOW.toISOString().slice(0, 10)}T08:00:00Z` } : {};
    await account.addMessage({
      subject: `from ${address}`,
      from: `${name} <${address}>`,
      mailboxes: places,
      ...received,
    });
  });

/** A list hands on what somebody has written to it. */
export const receiveFromList = (list: number, writer: number, places: readonly string[]): Event =>
  event('receiveFromList', [list, writer, places], async ({ account }) => {
    const [address, from] = [at(LISTS, list), at(WRITERS, writer)];
    const headers = { To: address, 'List-Post': `<mailto:${address}>` };
    await account.addMessage({ subject: `from ${from} to ${address}`, from, mailboxes: places, headers });
  });

/** Mail without a From comes in. */
export const receiveNameless = (places: readonly string[]): Event =>
  event('receiveNameless', [places], async ({ account }) => {
    await account.addMessage({ subject: 'from nobody', from: null, mailboxes: places });
  });

export const label = (message: number, name: string): Event =>
  onMessage('label', message, [name], ({ account }, { id }) => account.labelMessage(id, name));

/** The user takes the error label off, or another label of Mailroom's. */
export const unlabel = (message: number): Event =>
  onMessage('unlabel', message, [], async ({ account }, { id, mailboxes }) => {
    const name = ['@MailroomError', ...LABELS, ...MODIFIERS].find((each) => mailboxes.includes(each));
    if (name !== undefined && mailboxes.length > 1) await account.unlabelMessage(id, name);
  });

export const move = (message: number, place: string): Event =>
  onMessage('move', message, [place], async ({ account }, { id, mailboxes }) => {
    await account.labelMessage(id, place);
    for (const other of mailboxes.filter((name) => name !== place)) await account.unlabelMessage(id, other);
  });

export const destroy = (message: number): Event =>
  onMessage('destroy', message, [], ({ account }, { id }) => account.destroyMessage(id));

/** The user writes a telephone number into a card. */
export const writeCard = (contact: number, number: number): Event =>
  onContact('writeCard', contact, [number], (life, { uid }) =>
    rewrite(life, uid, (text) => text.replace('END:VCARD', `TEL:+${number}\r\nEND:VCARD`)),
  );

export const deleteCard = (contact: number): Event =>
  onContact('deleteCard', contact, [], async ({ account, written }, { uid }) => {
    await account.deleteCard(hrefOf(account.account.bookUrl, uid));
    written.delete(uid);
  });

/** The user makes a card for somebody who may have one already. */
export const addCard = (writer: number, uid: number): Event =>
  event('addCard', [writer, uid], async ({ account, written }) => {
    const text = card(`made-${uid}`, at(WRITERS, writer));
    await account.putCard(text);
    written.set(`made-${uid}`, text);
  });

/** The user puts a contact into a group by hand. */
export const join = (contact: number, group: string): Event =>
  onContact('join', contact, [group], ({ account }, { uid }) => account.addMember(group, uid));

export const leave = (contact: number, group: string): Event =>
  onContact('leave', contact, [group], async (life, { uid }) => {
    const href = hrefOf(life.account.account.bookUrl, `group-${group}`);
    const text = await life.account.getCard(href);
    if (text === undefined) return;
    const lines = linesOf(text).filter((line) => !line.endsWith(`urn:uuid:${uid}`));
    await life.account.putCard(`${lines.join('\r\n')}\r\n`, `group-${group}.vcf`);
  });

/** The server's search learns of all mail. */
export const index = (): Event => event('index', [], (life) => life.index());

export const cycle = (): Event =>
  event('cycle', [], (life) =>
    holding(life, brokenByTriage, async () => {
      const failure = await life.run('cycle');
      if (failure !== undefined) throw new BrokenPromise(`A cycle failed: ${failure.message}`);
    }),
  );

export const killedCycle = (after: number): Event =>
  event('killedCycle', [after], (life) => holding(life, brokenByTriage, () => life.run('cycle', after)));

export const twoCycles = (schedule: readonly boolean[]): Event =>
  event('twoCycles', [schedule], (life) => holding(life, brokenByTriage, () => life.runBoth(schedule)));

export const killedReset = (after: number): Event =>
  event('killedReset', [after], (life) => holding(life, brokenByReset, () => life.run('reset', after)));

/** Afterwards all is as before Mailroom, and the user's cards to the byte as they would be without it. */
export const reset = (): Event =>
  event('reset', [], async (life) => {
    const before = await life.look();
    await holding(life, brokenByReset, async () => {
      const failure = await life.run('reset');
      if (failure !== undefined) throw new BrokenPromise(`A reset failed: ${failure.message}`);
    });
    const after = await life.look();
    const changed = after.contacts.filter(
      ({ uid, lines }) => life.written.has(uid) && lines.join('\n') !== linesOf(life.written.get(uid) ?? '').join('\n'),
    );
    const broken = [
      ...leftByReset(before, after, RULES),
      ...changed.map(({ uid, lines }) => `the card ${uid} is ${lines.join(' | ')}`),
    ];
    if (broken.length > 0) throw new BrokenPromise(`After the reset ${broken.join('; ')}`);
  });

/** All is taken back, and a second time there is nothing to take. */
export const farewell = (): Event =>
  event('farewell', [], async (life) => {
    await reset().run({}, life);
    const before = await life.account.state();
    await reset().run({}, life);
    if ((await life.account.state()) !== before) throw new BrokenPromise('A second reset still writes something');
  });

/** Whatever was left is finished: nothing waits but for the user, and the last cycle writes nothing. */
export const quiet = (): Event =>
  event('quiet', [], async (life) => {
    await life.index();
    for (let cycles = 0; cycles < 2; cycles++) await cycle().run({}, life);
    const before = await life.account.state();
    await cycle().run({}, life);
    if ((await life.account.state()) !== before) throw new BrokenPromise('A third cycle still writes something');
    const { messages } = await life.look();
    const forgotten = messages.filter(
      ({ mailboxes }) => mailboxes.some((name) => LABELS.includes(name)) && !mailboxes.includes(RULES.errorLabel),
    );
    if (forgotten.length > 0) throw new BrokenPromise(`${forgotten[0]?.content} keeps its label`);
  });

/** Compares what the account holds before and after. */
async function holding(life: Life, broken: typeof brokenByTriage, work: () => Promise<unknown>): Promise<void> {
  const before = await life.look();
  await work();
  const found = broken(before, await life.look(), RULES);
  if (found.length > 0) throw new BrokenPromise(found.join('; '));
}

function event(name: string, args: readonly unknown[], act: (life: Life) => Promise<unknown>): Event {
  return {
    check: () => true,
    run: async (_, life) => void (await act(life)),
    toString: () => `${name}(${args.map((each) => JSON.stringify(each)).join(', ')})`,
  };
}

/** With one of the messages that are there, if any, in the order in which they came: ids differ from life to life. */
function onMessage(
  name: string,
  number: number,
  args: readonly unknown[],
  act: (life: Life, message: SightedMessage) => Promise<unknown>,
): Event {
  return event(name, [number, ...args], async (life) => {
    const { messages } = await life.look();
    if (messages.length > 0) await act(life, at(messages, number));
  });
}

function onContact(
  name: string,
  number: number,
  args: readonly unknown[],
  act: (life: Life, contact: SightedContact) => Promise<unknown>,
): Event {
  return event(name, [number, ...args], async (life) => {
    const { contacts }: Sight = await life.look();
    const inOrder = [...contacts].sort((one, other) => (one.uid < other.uid ? -1 : 1));
    if (inOrder.length > 0) await act(life, at(inOrder, number));
  });
}

function at<Item>(items: readonly Item[], number: number): Item {
  return items[number % items.length] as Item;
}

function hrefOf(bookUrl: string, name: string): string {
  return new URL(`${encodeURIComponent(name)}.vcf`, bookUrl).pathname;
}

async function rewrite({ account, written }: Life, uid: string, edit: (text: string) => string): Promise<void> {
  const text = await account.getCard(hrefOf(account.account.bookUrl, uid));
  if (text === undefined) return;
  await account.putCard(edit(text), `${uid}.vcf`);
  const own = written.get(uid);
  if (own !== undefined) written.set(uid, edit(own));
}

function card(uid: string, address: string): string {
  return ['BEGIN:VCARD', 'VERSION:3.0', `UID:${uid}`, 'FN:Made', 'N:;;;;', `EMAIL:${address}`, 'END:VCARD', ''].join(
    '\r\n',
  );
}
