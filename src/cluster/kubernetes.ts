import { MailroomError } from '../errors';
import type { RequestOptions } from '../http/client';
import type { Answer } from '../http/messages';

export type Annotations = Readonly<Record<string, string>>;

/** Annotations to set, and with null those to take away. Others stay. */
export type AnnotationChange = Readonly<Record<string, string | null>>;

export interface AnnotatedConfigMap {
  readonly resourceVersion: string;
  readonly annotations: Annotations;
}

/** An Event about the CronJob. */
export interface ClusterEvent {
  readonly type: 'Normal' | 'Warning';
  /** UpperCamelCase, for programs. */
  readonly reason: string;
  /** For people, at most 1,024 bytes. */
  readonly note: string;
  readonly time: Date;
}

export interface WriteOptions {
  /** Everything is checked, nothing is stored. */
  readonly dryRun?: boolean;
}

/** The few requests that Mailroom makes of the API server. They throw {@link MailroomError}. */
export interface Kubernetes {
  readConfigMap(name: string): Promise<AnnotatedConfigMap>;
  /** `conflict`: somebody else wrote since `resourceVersion`, and nothing has changed. */
  patchAnnotations(
    name: string,
    resourceVersion: string,
    annotations: AnnotationChange,
    options?: WriteOptions,
  ): Promise<'patched' | 'conflict'>;
  cronJobUid(name: string): Promise<string>;
  createEvent(
    event: ClusterEvent,
    cronJob: { readonly name: string; readonly uid: string },
    options?: WriteOptions,
  ): Promise<void>;
}

export type Send = (path: string, init: RequestOptions) => Promise<Answer>;

export interface KubernetesOptions {
  /** Sends a request for a path of the API server. Throws {@link MailroomError} for a network fault, 401 and 5xx. */
  readonly send: Send;
  readonly namespace: string;
  /** Who reports the Events: the pod. */
  readonly reporter: string;
}

interface Resource {
  readonly metadata?: {
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly annotations?: Annotations;
  };
  /** Of a `Status`, which is what the API server answers instead of the object when it refuses. */
  readonly message?: string;
}

export function createKubernetes({ send, namespace, reporter }: KubernetesOptions): Kubernetes {
  const core = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  const configMapPath = (name: string): string => `${core}/configmaps/${encodeURIComponent(name)}`;

  return {
    async readConfigMap(name) {
      const what = `the ConfigMap ${name}`;
      const { metadata } = await demand(await send(configMapPath(name), { method: 'GET' }), 'read', what);
      if (metadata?.resourceVersion === undefined) throw unexpected(what);
      return { resourceVersion: metadata.resourceVersion, annotations: metadata.annotations ?? {} };
    },

    async patchAnnotations(name, resourceVersion, annotations, options) {
      const response = await send(`${configMapPath(name)}${dryRun(options)}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json' },
        body: JSON.stringify({ metadata: { resourceVersion, annotations } }),
        // A patch whose answer was lost may have been applied, and would then come back as a conflict.
        retry: false,
      });
      if (response.status === 409) return 'conflict';
      await demand(response, 'change', `the ConfigMap ${name}`);
      return 'patched';
    },

    async cronJobUid(name) {
      const what = `the CronJob ${name}`;
      const path = `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/cronjobs/${encodeURIComponent(name)}`;
      const { metadata } = await demand(await send(path, { method: 'GET' }), 'read', what);
      if (metadata?.uid === undefined) throw unexpected(what);
      return metadata.uid;
    },

    async createEvent(event, cronJob, options) {
      // kubectl sorts Events by lastTimestamp, which events.k8s.io/v1 does not take: its Events come in no order.
      const time = `${event.time.toISOString().slice(0, 19)}Z`;
      const response = await send(`${core}/events${dryRun(options)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          apiVersion: 'v1',
          kind: 'Event',
          // Of two in the same second the name decides.
          metadata: { generateName: `${cronJob.name}.${event.time.getTime().toString(16)}.`, namespace },
          firstTimestamp: time,
          lastTimestamp: time,
          count: 1,
          // MicroTime: six digits after the second, where ISO 8601 as JavaScript writes it has three.
          eventTime: event.time.toISOString().replace('Z', '000Z'),
          type: event.type,
          reason: event.reason,
          action: 'Triage',
          message: event.note,
          involvedObject: { apiVersion: 'batch/v1', kind: 'CronJob', namespace, ...cronJob },
          source: { component: 'mailroom' },
          reportingComponent: 'mailroom',
          reportingInstance: reporter,
        }),
        retry: false,
      });
      await demand(response, 'create', 'Events');
    },
  };
}

function dryRun(options: WriteOptions | undefined): string {
  return options?.dryRun === true ? '?dryRun=All' : '';
}

async function demand(response: Answer, verb: string, what: string): Promise<Resource> {
  const body = await resourceIn(response);
  if (response.ok) {
    if (body === undefined) throw unexpected(what);
    return body;
  }
  if (response.status === 403)
    throw new MailroomError({
      code: 'credentials',
      message: `Kubernetes does not let Mailroom ${verb} ${what}`,
      hint: 'The Role in deploy/ allows it: kubectl apply -f deploy/',
    });
  if (response.status === 404)
    throw new MailroomError({
      code: 'missing',
      message: `${what} is not in the cluster`,
      hint: 'It is in deploy/: kubectl apply -f deploy/',
    });
  throw new MailroomError({
    code: response.status === 429 || response.status >= 500 ? 'transient' : 'refused',
    message: `Kubernetes answered ${response.status} when asked to ${verb} ${what}${body?.message ? `: ${body.message}` : ''}`,
  });
}

async function resourceIn(response: Answer): Promise<Resource | undefined> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Resource) : undefined;
  } catch {
    return undefined;
  }
}

function unexpected(what: string): MailroomError {
  return new MailroomError({
    code: 'protocol',
    message: `The answer of the Kubernetes API about ${what} makes no sense`,
  });
}
