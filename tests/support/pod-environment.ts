import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type KubernetesApi, unlessFound } from './kubernetes-api';
import type {
  Container,
  EnvironmentSource,
  EnvironmentVariable,
  KeyReference,
  KeyValues,
  Pod,
  ProjectedSource,
  Reference,
} from './kubernetes-objects';

type Api = Pick<KubernetesApi, 'request'>;
type Environment = Readonly<Record<string, string>>;

/** What a pod refers to does not exist: kubelet calls this CreateContainerConfigError, and tries again later. */
export class PodConfigError extends Error {
  override readonly name = 'PodConfigError';
}

/**
 * The environment of a pod's first container, as kubelet makes it: `envFrom` in its order, then `env`.
 *
 * @throws {PodConfigError} when a ConfigMap, Secret or key is missing that is not optional.
 */
export async function environmentOf(api: Api, pod: Pod): Promise<Environment> {
  const { env = [], envFrom = [] } = pod.spec.containers[0];
  const environment: Record<string, string> = {};
  for (const source of envFrom) Object.assign(environment, await valuesFrom(api, pod, source));
  for (const variable of env) {
    const value = await variableValue(api, pod, variable, environment);
    if (value !== undefined) environment[variable.name] = value;
  }
  return environment;
}

/**
 * Writes what the pod's first container finds in the folder `mountPath` to a folder of this machine.
 *
 * @returns whether anything is mounted there. Nothing but projected volumes can be.
 * @throws {PodConfigError} when a ConfigMap is missing that is not optional.
 */
export async function writeMount(api: Api, pod: Pod, mountPath: string, folder: string): Promise<boolean> {
  const mount = pod.spec.containers[0].volumeMounts?.find((candidate) => candidate.mountPath === mountPath);
  const volume = pod.spec.volumes?.find(({ name }) => name === mount?.name);
  if (volume === undefined) return false;
  if (volume.projected === undefined) throw new Error(`volume ${volume.name} is not projected`);
  await mkdir(folder, { recursive: true });
  for (const source of volume.projected.sources)
    for (const [path, content] of await filesOf(api, pod, source)) await writeFile(join(folder, path), content);
  return true;
}

/** What the container tells Node: options before the script, and arguments after it. The script itself is left out. */
export function nodeArgumentsOf(
  { command = [], args = [] }: Container,
  environment: Environment,
): { readonly options: readonly string[]; readonly words: readonly string[] } {
  const all = [...command, ...args].map((word) => expanded(word, environment));
  const script = all.findIndex((word) => word.endsWith('.js'));
  return { options: all.slice(0, Math.max(script, 0)).filter((w) => w.startsWith('--')), words: all.slice(script + 1) };
}

async function valuesFrom(api: Api, pod: Pod, source: EnvironmentSource): Promise<Environment> {
  const values = source.secretRef
    ? await secret(api, pod, source.secretRef)
    : await configMap(api, pod, source.configMapRef as Reference);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${source.prefix ?? ''}${key}`, value]));
}

async function variableValue(
  api: Api,
  pod: Pod,
  { name, value, valueFrom }: EnvironmentVariable,
  before: Environment,
): Promise<string | undefined> {
  if (valueFrom === undefined) return expanded(value ?? '', before);
  if (valueFrom.fieldRef) return fieldOf(pod, valueFrom.fieldRef.fieldPath);
  if (valueFrom.secretKeyRef)
    return keyOf(await secret(api, pod, valueFrom.secretKeyRef), 'Secret', valueFrom.secretKeyRef);
  if (valueFrom.configMapKeyRef)
    return keyOf(await configMap(api, pod, valueFrom.configMapKeyRef), 'ConfigMap', valueFrom.configMapKeyRef);
  throw new Error(`the source of variable ${name} is none that is played here`);
}

function keyOf(values: Environment, kind: string, { name, key, optional }: KeyReference): string | undefined {
  if (values[key] === undefined && !optional) throw new PodConfigError(`couldn't find key ${key} in ${kind} ${name}`);
  return values[key];
}

async function configMap(api: Api, pod: Pod, reference: Reference): Promise<Environment> {
  return dataOf(api, pod, 'configmaps', reference);
}

async function secret(api: Api, pod: Pod, reference: Reference): Promise<Environment> {
  const encoded = await dataOf(api, pod, 'secrets', reference);
  return Object.fromEntries(
    Object.entries(encoded).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
  );
}

async function dataOf(api: Api, pod: Pod, resource: string, { name, optional }: Reference): Promise<Environment> {
  const path = `/api/v1/namespaces/${pod.metadata.namespace}/${resource}/${name}`;
  const found = await api.request<KeyValues>('GET', path).catch(unlessFound);
  if (found === undefined && !optional) throw new PodConfigError(`${resource} "${name}" not found`);
  return found?.data ?? {};
}

async function filesOf(api: Api, pod: Pod, source: ProjectedSource): Promise<readonly (readonly [string, string])[]> {
  const { serviceAccountToken, configMap: map, downwardAPI } = source;
  if (serviceAccountToken) return [[serviceAccountToken.path, await tokenFor(api, pod, serviceAccountToken)]];
  if (downwardAPI) return downwardAPI.items.map(({ path, fieldRef }) => [path, fieldOf(pod, fieldRef.fieldPath)]);
  if (map === undefined) throw new Error('a projected source that is not played here');
  const data = await configMap(api, pod, map);
  const items = map.items ?? Object.keys(data).map((key) => ({ key, path: key }));
  return items.map(({ key, path }) => [path, keyOf(data, 'ConfigMap', { name: map.name, key }) as string]);
}

/** A token bound to the pod: it is worth nothing any more when the pod is deleted. */
async function tokenFor(
  api: Api,
  { metadata, spec }: Pod,
  { audience, expirationSeconds }: { readonly audience?: string; readonly expirationSeconds?: number },
): Promise<string> {
  const { status } = await api.request<{ readonly status: { readonly token: string } }>(
    'POST',
    `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${spec.serviceAccountName}/token`,
    {
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {
          audiences: audience === undefined ? [] : [audience],
          expirationSeconds: expirationSeconds ?? 3600,
          boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid },
        },
      },
    },
  );
  return status.token;
}

function fieldOf({ metadata, spec }: Pod, path: string): string {
  const entry = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (entry) return metadata[entry[1] as 'labels' | 'annotations']?.[entry[2] as string] ?? '';
  const fields: Readonly<Record<string, string>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.serviceAccountName': spec.serviceAccountName,
  };
  const value = fields[path];
  if (value === undefined) throw new Error(`field ${path} is not played here`);
  return value;
}

/** `$(NAME)` is the variable's value where there is such a variable; `$$` is a dollar sign. */
function expanded(text: string, environment: Environment): string {
  return text.replace(/\$\$|\$\((\w+)\)/g, (whole, name?: string) =>
    name === undefined ? '$' : (environment[name] ?? whole),
  );
}
