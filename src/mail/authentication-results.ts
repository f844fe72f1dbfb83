import { member, strings } from './json';
import { type Api, isTooLarge, listOf } from './request';

/** Headers of messages in one answer. */
const AT_ONCE = 500;
/** All fields of that name, in their order, as they are written (RFC 8621, section 4.1.3). */
const PROPERTY = 'header:Authentication-Results:asRaw:all';

/**
 * Message id → the values of its `Authentication-Results` headers, the topmost first. What is gone is left out, and so is a
 * message with more of them than an answer may hold.
 *
 * @throws MailroomError
 */
export async function readAuthenticationResults(
  api: Api,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  let atOnce = Math.min(api.pace.objectsInGet, AT_ONCE);
  for (let read = 0; read < ids.length; ) {
    const some = ids.slice(read, read + atOnce);
    const [result] = await api.call([{ name: 'Email/get', arguments: { ids: some, properties: ['id', PROPERTY] } }]);
    if (result !== undefined && isTooLarge(result) && some.length > 1) {
      atOnce = Math.floor(some.length / 2);
      continue;
    }
    read += some.length;
    if (result !== undefined && isTooLarge(result)) continue;
    for (const email of listOf(api.argumentsOf(result, 'Email/get'), 'list', 'Email/get')) {
      const id = member(email, 'id');
      if (typeof id === 'string') found.set(id, strings(member(email, PROPERTY)));
    }
  }
  return found;
}
