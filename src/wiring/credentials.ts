import type { Settings } from '../config';

/** Characters of a step in a path that is no ordinary word. */
const SHORTEST_KEY = 16;

/** Values that never reach a log, in every form in which they are sent. None where the settings do not work. */
export function secretsOf(settings: Settings | undefined): readonly string[] {
  if (settings === undefined) return [];
  const { jmapToken, cardDavPassword, pingUrl } = settings;
  return [jmapToken, cardDavPassword, basicCredentials(settings), ...(pingUrl === undefined ? [] : keysIn(pingUrl))];
}

/** A URL that is a secret as a whole, and of its parts those that look like keys. */
function keysIn(url: string): readonly string[] {
  return [url, ...new URL(url).pathname.split('/').filter((part) => part.length >= SHORTEST_KEY)];
}

/** RFC 7617, section 2: user and password in UTF-8. */
export function basicCredentials({ cardDavUsername, cardDavPassword }: Settings): string {
  return Buffer.from(`${cardDavUsername}:${cardDavPassword}`).toString('base64');
}
