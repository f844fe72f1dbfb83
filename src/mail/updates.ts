import { MailroomError } from '../errors';
import type { UpdateOutcome } from '../ports';
import type { MessageChange } from '../triage/message';
import { revise } from '../triage/revision';
import { PLACES, placesFrom } from './email';
import { isObject, type JsonObject, member, plain } from './json';
import { slowDown } from './pace';
import { type Api, isPassing, isTooLarge, listOf } from './request';

/** Messages in one Email/set: more of them could outlast the time-out of a request. */
const CHANGED_AT_ONCE = 500;
/** Bytes of a request beside its patches. */
const ENVELOPE = 1_000;
/** How often the messages of a chunk are read again because somebody changes messages all the time. */
const READINGS = 4;

type Outcomes = ReadonlyMap<string, UpdateOutcome>;

/**
 * Patches the messages' mailboxes and keywords (Email/set, RFC 8621, section 4.6), chunk after chunk. A chunk that
 * fails as a whole fails alone: its messages' outcomes say so. A change that changes nothing is not sent.
 *
 * A chunk is written as planned if no message of the account has changed since the first was read (`ifInState`, RFC 8620,
 * section 5.3); else it is read again, and written as far as it still holds, if nothing has changed since then.
 *
 * @throws MailroomError `credentials`
 */
export async function updateMessages(api: Api, changes: readonly MessageChange[]): Promise<Outcomes> {
  const outcomes = new Map<string, UpdateOutcome>(changes.map(({ id }) => [id, { kind: 'updated' }]));
  // One after the other: each write leads to the state that the next one is conditional on.
  for (const chunk of chunksOf(merged(changes), api)) {
    for (const [id, outcome] of await updateChunk(api, chunk)) outcomes.set(id, outcome);
  }
  return outcomes;
}

/** One change a message, and none that changes nothing. */
function merged(changes: readonly MessageChange[]): readonly MessageChange[] {
  const byId = new Map<string, MessageChange>();
  for (const change of changes.filter(changesSomething)) {
    const known = byId.get(change.id) ?? { add: [], remove: [], whileIn: [], keywords: {} };
    byId.set(change.id, {
      id: change.id,
      add: [...known.add, ...change.add],
      remove: [...known.remove, ...change.remove],
      whileIn: [...known.whileIn, ...change.whileIn],
      keywords: { ...known.keywords, ...change.keywords },
    });
  }
  return [...byId.values()];
}

function changesSomething({ add, remove, keywords = {} }: MessageChange): boolean {
  return add.length + remove.length + Object.keys(keywords).length > 0;
}

function patchOf({ add, remove, keywords = {} }: MessageChange): JsonObject {
  return Object.fromEntries([
    ...remove.map((mailbox) => [pathOf(mailbox), null] as const),
    ...add.map((mailbox) => [pathOf(mailbox), true] as const),
    ...Object.entries(keywords).map(([keyword, wanted]) => [`keywords/${keyword}`, wanted || null] as const),
  ]);
}

/** Path of a patch: a JSON pointer without its leading slash (RFC 8620, section 5.3; RFC 6901). */
function pathOf(mailboxId: string): string {
  return `mailboxIds/${mailboxId.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function chunksOf(changes: readonly MessageChange[], { limits }: Api): readonly (readonly MessageChange[])[] {
  const most = Math.min(limits.maxObjectsInSet, CHANGED_AT_ONCE);
  const room = limits.maxSizeRequest - ENVELOPE;
  const chunks: MessageChange[][] = [];
  let bytes = 0;
  for (const change of changes) {
    const chunk = chunks.at(-1);
    const size = Buffer.byteLength(JSON.stringify({ [change.id]: patchOf(change) }));
    if (chunk === undefined || chunk.length === most || bytes + size > room) {
      chunks.push([change]);
      bytes = size;
    } else {
      chunk.push(change);
      bytes += size;
    }
  }
  return chunks;
}

async function updateChunk(api: Api, chunk: readonly MessageChange[]): Promise<Outcomes> {
  try {
    const outcomes = (await writeAsPlanned(api, chunk)) ?? (await writeAsItIsNow(api, chunk));
    return outcomes === 'too large' ? await updateHalves(api, chunk) : outcomes;
  } catch (error) {
    if (!(error instanceof MailroomError) || error.code === 'credentials') throw error;
    const outcome = { kind: 'failed', reason: error.message } as const;
    return new Map(chunk.map(({ id }) => [id, outcome]));
  }
}

async function updateHalves(api: Api, chunk: readonly MessageChange[]): Promise<Outcomes> {
  const middle = Math.ceil(chunk.length / 2);
  const first = await updateChunk(api, chunk.slice(0, middle));
  return new Map([...first, ...(await updateChunk(api, chunk.slice(middle)))]);
}

/** How a chunk ended; `too large` where it has to be halved. */
type Ending = Outcomes | 'too large';

/** Writes the chunk if everything is as it was read; undefined where it is not. */
async function writeAsPlanned(api: Api, chunk: readonly MessageChange[]): Promise<Ending | undefined> {
  const { emailState } = api;
  if (emailState.current === undefined) return undefined;
  const written = await requestUpdate(api, chunk, emailState.current);
  if (written === 'changed') {
    emailState.changed();
    return undefined;
  }
  if (written === 'too large') return written;
  emailState.wrote(written.newState);
  return written.outcomes;
}

/**
 * Reads the chunk's messages again, and writes what still holds. Where messages change between each reading and its write,
 * the last one is written all the same: what the user moves in that moment may end in two places.
 */
async function writeAsItIsNow(api: Api, chunk: readonly MessageChange[]): Promise<Ending> {
  for (let reading = 1; ; reading += 1) {
    const now = await readPlaces(api, chunk);
    if (now === 'too large') return now;
    const revisions = chunk.flatMap((change) => {
      const mailboxIds = now.mailboxIds.get(change.id);
      return mailboxIds === undefined ? [] : revise(change, mailboxIds);
    });
    const changes = revisions.map(({ change }) => change).filter(changesSomething);
    const written = await requestUpdate(api, changes, reading < READINGS ? now.state : undefined);
    if (written === 'too large') return written;
    if (written === 'changed') continue;
    return new Map([
      ...chunk.map(({ id }) => [id, { kind: 'gone' }] as const),
      ...revisions.map(({ change: { id }, moved }) => {
        const outcome = written.outcomes.get(id) ?? { kind: 'updated' };
        return [id, moved && outcome.kind === 'updated' ? ({ kind: 'moved' } as const) : outcome] as const;
      }),
    ]);
  }
}

/** The mailboxes of the chunk's messages, and the state that they are true for. Messages that are gone are left out. */
async function readPlaces(api: Api, chunk: readonly MessageChange[]) {
  const ids = chunk.map(({ id }) => id);
  if (ids.length > Math.max(1, api.pace.objectsInGet)) return 'too large';
  const [result] = await api.call([{ name: 'Email/get', arguments: { ids, properties: PLACES } }]);
  if (result !== undefined && isTooLarge(result) && ids.length > 1) {
    slowDown(api.pace, 'objectsInGet', ids.length);
    return 'too large';
  }
  const answer = api.argumentsOf(result, 'Email/get');
  const places = listOf(answer, 'list', 'Email/get').map(placesFrom);
  const { state } = answer;
  return {
    state: typeof state === 'string' ? state : undefined,
    mailboxIds: new Map(places.map(({ id, mailboxIds }) => [id, mailboxIds])),
  };
}

interface Written {
  readonly outcomes: Outcomes;
  readonly newState: unknown;
}

/** Sends the changes. `changed`: the server is not in that state any more, and has written nothing. */
async function requestUpdate(
  api: Api,
  changes: readonly MessageChange[],
  ifInState: string | undefined,
): Promise<Written | 'changed' | 'too large'> {
  if (changes.length === 0) return { outcomes: new Map(), newState: ifInState };
  const update = Object.fromEntries(changes.map((change) => [change.id, patchOf(change)]));
  const condition = ifInState === undefined ? {} : { ifInState };
  const [result] = await api.call([{ name: 'Email/set', arguments: { ...condition, update } }]);
  if (result?.error?.type === 'stateMismatch') return 'changed';
  if (result !== undefined && isTooLarge(result) && changes.length > 1) return 'too large';
  const { updated, notUpdated, newState } = api.argumentsOf(result, 'Email/set');
  return { outcomes: new Map(changes.map(({ id }) => [id, outcomeOf(id, updated, notUpdated)])), newState };
}

/** Each item has an error of its own (SetError, RFC 8620, section 5.3). */
function outcomeOf(id: string, updated: unknown, notUpdated: unknown): UpdateOutcome {
  const error = member(notUpdated, id);
  if (error === undefined) {
    const said = isObject(updated) && Object.hasOwn(updated, id);
    return said ? { kind: 'updated' } : { kind: 'failed', reason: 'the server does not say how it ended' };
  }
  const type = plain(member(error, 'type')) || 'unnamed error';
  if (type === 'notFound') return { kind: 'gone' };
  const reason = [type, plain(member(error, 'description'))].filter(Boolean).join(', ');
  return { kind: isPassing(type) ? 'failed' : 'refused', reason };
}
