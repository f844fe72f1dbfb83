import type { Cluster } from '../cluster/cluster';
import type { Settings } from '../config';
import type { Log } from '../log';
import type { AddressBook, Mail } from '../ports';
import type { Progress } from '../progress';
import type { Screen } from '../screen/screen';

/** What a command works with. Its answer is what it prints; its log goes beside that. */
export interface CommandContext {
  readonly settings: Settings;
  readonly log: Log;
  readonly now: Date;
  readonly openMail: () => Promise<Mail>;
  readonly openBook: () => Promise<AddressBook>;
  /** Opens both servers side by side; the faults of both are thrown as one. */
  readonly open: () => Promise<{ readonly mail: Mail; readonly book: AddressBook }>;
  /** Undefined outside a cluster. */
  readonly cluster: Cluster | undefined;
  /** Writes a text and a line break to stdout. */
  readonly print: (text: string) => void;
  /** What stdout is shown on. */
  readonly screen: Screen;
  readonly progress: Progress;
}
