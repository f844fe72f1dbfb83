import type { AnnotationChange, Annotations } from './kubernetes';

/** A cycle that has begun and has not said yet that it ended. */
export interface Begun {
  /** Name of its pod. */
  readonly pod: string;
  readonly time: Date;
}

/** One entry a pod, such as `mailroom-29400-abcde 2026-03-01T10:00:00.000Z`, with commas between. */
const BEGUN = 'mailroom/begun';

/** The cycles that are noted as begun. What makes no sense is none. */
export function begunIn(annotations: Annotations): readonly Begun[] {
  return (annotations[BEGUN] ?? '').split(',').flatMap((entry) => {
    const [pod, text, ...rest] = entry.trim().split(' ');
    const time = new Date(text ?? '');
    return pod === undefined || pod === '' || rest.length > 0 || Number.isNaN(time.getTime()) ? [] : [{ pod, time }];
  });
}

/** The annotation for these cycles; without any it goes. */
export function noted(begun: readonly Begun[]): AnnotationChange {
  return {
    [BEGUN]: begun.length === 0 ? null : begun.map(({ pod, time }) => `${pod} ${time.toISOString()}`).join(', '),
  };
}

/** Takes the pod's own cycle off the list; nothing where it is not on it. */
export function withoutPod(annotations: Annotations, pod: string): AnnotationChange {
  const begun = begunIn(annotations);
  const others = begun.filter((other) => other.pod !== pod);
  return others.length === begun.length ? {} : noted(others);
}

/** Those that began longer ago than a cycle may take: they were killed, or crashed, and nobody counted that. */
export function neverEnded(annotations: Annotations, now: Date, longestCycle: number): readonly Begun[] {
  return begunIn(annotations).filter(({ time }) => now.getTime() - time.getTime() > longestCycle * 1000);
}
