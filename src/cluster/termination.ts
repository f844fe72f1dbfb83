import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { publicReason } from './reason';

/** What Kubernetes keeps of a termination message. */
const TERMINATION_BYTES = 4096;

/**
 * Leaves one line for the pod's status (`terminationMessagePath`), as clean as an Event's: whoever may see the pod reads
 * it. The file is there in every pod and nowhere else, so it is never made. Resolves to whether the line was written;
 * never rejects.
 */
export async function writeTerminationMessage(
  path: string,
  message: string,
  secrets: readonly string[] = [],
): Promise<boolean> {
  try {
    // Not `node:fs/promises`: to load it costs an idle cycle as much as a request.
    const file = openSync(path, 'r+');
    try {
      ftruncateSync(file);
      writeSync(file, publicReason(message, secrets, TERMINATION_BYTES));
    } finally {
      closeSync(file);
    }
    return true;
  } catch {
    return false;
  }
}
