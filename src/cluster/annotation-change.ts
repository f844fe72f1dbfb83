import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient, MailroomError } from '../errors';
import type { AnnotatedConfigMap, AnnotationChange, Annotations, Kubernetes } from './kubernetes';

/** Of ten processes that write at once each loses at most nine races to the others; the rest is for whoever else writes. */
const ATTEMPTS = 30;
/** How often an answer may stay away before the API server counts as unreachable. */
const LOST_ANSWERS = 3;
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

export type Pause = (milliseconds: number) => Promise<unknown>;

/**
 * Changes annotations of a ConfigMap as `revise` says of them as they are now, with optimistic concurrency: what
 * somebody else wrote meanwhile is read and revised anew. Gives the annotations that were revised.
 */
export async function changeAnnotations(
  kubernetes: Kubernetes,
  name: string,
  revise: (annotations: Annotations) => AnnotationChange,
  pause: Pause = sleep,
): Promise<Annotations> {
  let unanswered: { readonly before: AnnotatedConfigMap; readonly wanted: AnnotationChange } | undefined;
  let lostAnswers = 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt));
    const before = await kubernetes.readConfigMap(name);
    if (unanswered !== undefined && wasApplied(before, unanswered)) return unanswered.before.annotations;
    const wanted = revise(before.annotations);
    try {
      if ((await kubernetes.patchAnnotations(name, before.resourceVersion, wanted)) === 'patched')
        return before.annotations;
    } catch (error) {
      if (!isTransient(error) || ++lostAnswers === LOST_ANSWERS) throw error;
      unanswered = { before, wanted };
    }
  }
  throw new MailroomError({
    code: 'transient',
    message: `The ConfigMap ${name} changed ${ATTEMPTS} times while Mailroom tried to write to it`,
  });
}

/** True when the patch whose answer was lost has been applied: its values stand there, and did not before. */
function wasApplied(
  now: AnnotatedConfigMap,
  { before, wanted }: { readonly before: AnnotatedConfigMap; readonly wanted: AnnotationChange },
): boolean {
  return (
    now.resourceVersion !== before.resourceVersion &&
    Object.entries(wanted).every(([key, value]) => (now.annotations[key] ?? null) === value)
  );
}
