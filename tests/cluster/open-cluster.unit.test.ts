import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterOptions, openCluster } from '../../src/cluster/open-cluster';

describe('the cluster around the process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailroom-service-account-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const options = (changes: Partial<ClusterOptions>): ClusterOptions => ({
    host: '127.0.0.1',
    port: '1',
    serviceAccountDir: folder,
    configMap: 'mailroom-state',
    cronJob: 'mailroom',
    pod: 'mailroom-123-abc',
    threshold: 10,
    longestCycle: 285,
    secrets: [],
    warn: () => {},
    ...changes,
  });

  it('is none without an API server or without a token', () => {
    expect(openCluster(options({}))).toBeUndefined();
    writeFileSync(join(folder, 'token'), 'token');
    expect(openCluster(options({ host: undefined }))).toBeUndefined();
    expect(openCluster(options({ host: '' }))).toBeUndefined();
    expect(openCluster(options({}))).toBeDefined();
  });

  it('says which file of the service account is missing', async () => {
    writeFileSync(join(folder, 'token'), 'token');
    await expect(openCluster(options({}))?.readState()).rejects.toMatchObject({
      code: 'credentials',
      message: "The pod's service account has no readable namespace",
    });
    writeFileSync(join(folder, 'namespace'), 'mail\n');
    await expect(openCluster(options({}))?.readState()).rejects.toMatchObject({
      code: 'credentials',
      message: "The pod's service account has no readable ca.crt",
    });
  });

  it('is transient where the API server does not answer', async () => {
    for (const name of ['token', 'namespace', 'ca.crt']) writeFileSync(join(folder, name), '');
    await expect(openCluster(options({ host: '::1' }))?.readState()).rejects.toMatchObject({
      code: 'transient',
      message: expect.stringContaining('https://[::1]:1/api/v1/namespaces/'),
    });
  });
});
