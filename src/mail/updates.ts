import { MailroomError } from '../errors';
import type { UpdateOutcome } from '../ports';
import type { MessageChange } from '../triage/message';
import { isObject, type JsonObject, member, plain } from './json';
import { type Api, isPassing, isTooLarge } from './request';

/** Messages in one Email/set: more of them could outlast the time-out of a request. */
const CHANGED_AT_ONCE = 500;
/** Bytes of a request beside its patches. */
const ENVELOPE = 1_000;

type Outcomes = ReadonlyMap<string, UpdateOutcome>;

/** The patch of one message, and the bytes that it adds to a request. */
interface Patch {
  readonly id: string;
  readonly patch: JsonObject;
  readonly bytes: number;
}

/**
 * Patches the messages' mailboxes and keywords (Email/set, RFC 8621, section 4.6), in chunks side by side. A chunk that fails as
 * a whole fails alone: its messages' outcomes say so. A change that changes nothing is not sent.
 *
 * @throws MailroomError `credentials`, when all chunks have ended
 */
export async function updateMessages(api: Api, changes: readonly MessageChange[]): Promise<Outcomes> {
  const outcomes = new Map<string, UpdateOutcome>(changes.map(({ id }) => [id, { kind: 'updated' }]));
  const chunks = chunksOf(patchesFor(changes), api);
  const settled = await Promise.allSettled(chunks.map((chunk) => updateChunk(api, chunk)));
  for (const result of settled) {
    if (result.status === 'rejected') throw result.reason;
    for (const [id, outcome] of result.value) outcomes.set(id, outcome);
  }
  return outcomes;
}

/** One patch a message, of all its changes. */
function patchesFor(changes: readonly MessageChange[]): readonly Patch[] {
  const merged = new Map<string, Map<string, true | null>>();
  for (const { id, add, remove, keywords = {} } of changes) {
    const patch = merged.get(id) ?? new Map<string, true | null>();
    for (const mailbox of remove) patch.set(pathOf(mailbox), null);
    for (const mailbox of add) patch.set(pathOf(mailbox), true);
    for (const [keyword, wanted] of Object.entries(keywords)) patch.set(`keywords/${keyword}`, wanted || null);
    if (patch.size > 0) merged.set(id, patch);
  }
  return Array.from(merged, ([id, entries]) => {
    const patch = Object.fromEntries(entries);
    return { id, patch, bytes: Buffer.byteLength(JSON.stringify({ [id]: patch })) };
  });
}

/** Path of a patch: a JSON pointer without its leading slash (RFC 8620, section 5.3; RFC 6901). */
function pathOf(mailboxId: string): string {
  return `mailboxIds/${mailboxId.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function chunksOf(patches: readonly Patch[], { limits }: Api): readonly (readonly Patch[])[] {
  const most = Math.min(limits.maxObjectsInSet, CHANGED_AT_ONCE);
  const room = limits.maxSizeRequest - ENVELOPE;
  const chunks: Patch[][] = [];
  let bytes = 0;
  for (const patch of patches) {
    const chunk = chunks.at(-1);
    if (chunk === undefined || chunk.length === most || bytes + patch.bytes > room) {
      chunks.push([patch]);
      bytes = patch.bytes;
    } else {
      chunk.push(patch);
      bytes += patch.bytes;
    }
  }
  return chunks;
}

async function updateChunk(api: Api, chunk: readonly Patch[]): Promise<Outcomes> {
  try {
    return await requestUpdate(api, chunk);
  } catch (error) {
    if (!(error instanceof MailroomError) || error.code === 'credentials') throw error;
    const outcome = { kind: 'failed', reason: error.message } as const;
    return new Map(chunk.map(({ id }) => [id, outcome]));
  }
}

async function requestUpdate(api: Api, chunk: readonly Patch[]): Promise<Outcomes> {
  const update = Object.fromEntries(chunk.map(({ id, patch }) => [id, patch]));
  const [result] = await api.call([{ name: 'Email/set', arguments: { update } }]);
  if (result !== undefined && isTooLarge(result) && chunk.length > 1) {
    const middle = Math.ceil(chunk.length / 2);
    const first = await updateChunk(api, chunk.slice(0, middle));
    return new Map([...first, ...(await updateChunk(api, chunk.slice(middle)))]);
  }
  const { updated, notUpdated } = api.argumentsOf(result, 'Email/set');
  return new Map(chunk.map(({ id }) => [id, outcomeOf(id, updated, notUpdated)]));
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
