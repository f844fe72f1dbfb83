import type { Settings } from '../config';

/** Values that never reach a log, in every form in which they are sent. None where the settings do not work. */
export function secretsOf(settings: Settings | undefined): readonly string[] {
  if (settings === undefined) return [];
  return [settings.jmapToken, settings.cardDavPassword, basicCredentials(settings)];
}

/** RFC 7617, section 2: user and password in UTF-8. */
export function basicCredentials({ cardDavUsername, cardDavPassword }: Settings): string {
  return Buffer.from(`${cardDavUsername}:${cardDavPassword}`).toString('base64');
}
