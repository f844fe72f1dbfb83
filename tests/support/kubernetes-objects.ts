/** The parts of Kubernetes' objects (core/v1, batch/v1) that the tests look at. */

export interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
}

/** A ConfigMap or, with base64 values, a Secret. */
export interface KeyValues {
  readonly data?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly metadata: Metadata;
  readonly status: {
    readonly conditions?: readonly Condition[];
    readonly active?: number;
    readonly succeeded?: number;
    readonly failed?: number;
  };
}

export interface CronJob {
  readonly metadata: Metadata;
  readonly spec: { readonly jobTemplate: { readonly metadata: Partial<Metadata>; readonly spec: object } };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface Pod {
  readonly metadata: Metadata;
  readonly spec: {
    readonly containers: readonly [Container, ...Container[]];
    readonly serviceAccountName: string;
    /** Unset until something schedules the pod. */
    readonly nodeName?: string;
    readonly volumes?: readonly Volume[];
  };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly { readonly state: { readonly waiting?: { readonly reason: string } } }[];
  };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvironmentVariable[];
  readonly envFrom?: readonly EnvironmentSource[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly terminationMessagePolicy: 'File' | 'FallbackToLogsOnError';
}

export interface Reference {
  readonly name: string;
  readonly optional?: boolean;
}

export interface KeyReference extends Reference {
  readonly key: string;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly configMapKeyRef?: KeyReference;
    readonly secretKeyRef?: KeyReference;
    readonly fieldRef?: { readonly fieldPath: string };
  };
}

export interface EnvironmentSource {
  readonly prefix?: string;
  readonly configMapRef?: Reference;
  readonly secretRef?: Reference;
}

export interface Volume {
  readonly name: string;
  readonly emptyDir?: object;
  readonly projected?: { readonly sources: readonly ProjectedSource[] };
}

export interface ProjectedSource {
  readonly serviceAccountToken?: {
    readonly path: string;
    readonly audience?: string;
    readonly expirationSeconds?: number;
  };
  readonly configMap?: Reference & {
    readonly items?: readonly { readonly key: string; readonly path: string }[];
  };
  readonly downwardAPI?: {
    readonly items: readonly { readonly path: string; readonly fieldRef: { readonly fieldPath: string } }[];
  };
}
