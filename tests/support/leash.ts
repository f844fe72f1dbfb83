import { existsSync } from 'node:fs';

const SETPRIV = '/usr/bin/setpriv';

/** Words before a command that make it end with its parent, by this signal, where the system can do that (Linux). */
export function leash(signal: 'KILL' | 'TERM'): readonly string[] {
  return existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', signal, '--'] : [];
}
