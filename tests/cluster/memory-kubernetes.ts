import type { AnnotationChange, Annotations, ClusterEvent, Kubernetes } from '../../src/cluster/kubernetes';
import { MailroomError } from '../../src/errors';

/** What a test may make go wrong with one patch: it is refused, or applied while its answer is lost. */
export type PatchFault = 'lost before' | 'lost after';

/** The API server as the failure count sees it: one ConfigMap, one CronJob, Events; every call takes a turn. */
export class MemoryKubernetes implements Kubernetes {
  annotations: Annotations;
  readonly events: ClusterEvent[] = [];
  readonly eventUids: string[] = [];
  readonly patchFaults: PatchFault[] = [];
  eventFault: MailroomError | undefined;
  readFault: MailroomError | undefined;
  conflicts = 0;
  patches = 0;
  #version = 1;

  constructor(annotations: Annotations = {}) {
    this.annotations = annotations;
  }

  async readConfigMap() {
    await turn();
    if (this.readFault) throw this.readFault;
    return { resourceVersion: String(this.#version), annotations: this.annotations };
  }

  async patchAnnotations(_name: string, resourceVersion: string, change: AnnotationChange) {
    this.patches += 1;
    await turn();
    const fault = this.patchFaults.shift();
    if (fault === 'lost before') throw lost();
    if (resourceVersion !== String(this.#version)) {
      this.conflicts += 1;
      return 'conflict' as const;
    }
    this.annotations = Object.fromEntries(
      Object.entries({ ...this.annotations, ...change }).filter(
        (entry): entry is [string, string] => entry[1] !== null,
      ),
    );
    this.#version += 1;
    if (fault === 'lost after') throw lost();
    return 'patched' as const;
  }

  async cronJobUid() {
    await turn();
    return 'uid-of-the-cronjob';
  }

  async createEvent(event: ClusterEvent, cronJob: { readonly uid: string }) {
    await turn();
    if (this.eventFault) throw this.eventFault;
    this.events.push(event);
    this.eventUids.push(cronJob.uid);
  }
}

function lost(): MailroomError {
  return new MailroomError({ code: 'transient', message: 'the answer was lost' });
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
