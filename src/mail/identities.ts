import { member } from './json';
import { type Api, isPassing, listOf } from './request';
import type { Session } from './session';

/**
 * The addresses that the user sends from (Identity/get, RFC 8621, section 6.1), where the token lets them be read, and the
 * name of the session's user where that is an address.
 *
 * @throws MailroomError `transient` where a retry may tell them
 */
export async function readOwnAddresses(
  api: Api,
  { username, submits }: Pick<Session, 'username' | 'submits'>,
): Promise<readonly string[]> {
  const addresses = submits ? await readIdentities(api) : [];
  return [...new Set([...addresses, username])].filter((address) => address.includes('@'));
}

async function readIdentities(api: Api): Promise<readonly string[]> {
  const [result] = await api.call([{ name: 'Identity/get', arguments: { ids: null, properties: ['email'] } }]);
  if (result?.error !== undefined && !isPassing(result.error.type)) return [];
  const identities = listOf(api.argumentsOf(result, 'Identity/get'), 'list', 'Identity/get');
  return identities.map((identity) => member(identity, 'email')).filter((email) => typeof email === 'string');
}
