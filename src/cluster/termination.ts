import { open } from 'node:fs/promises';
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
    const file = await open(path, 'r+');
    try {
      await file.truncate();
      await file.write(publicReason(message, secrets, TERMINATION_BYTES));
    } finally {
      await file.close();
    }
    return true;
  } catch {
    return false;
  }
}
