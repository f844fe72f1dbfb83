import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createKubernetes } from '../../src/cluster/kubernetes';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

describe('requests of the API server', () => {
  let server: Server;
  let origin: string;
  let received: Received[];
  let answer: { status: number; body: string };

  beforeEach(async () => {
    received = [];
    answer = { status: 200, body: '{}' };
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push({ method: request.method, url: request.url, contentType: request.headers['content-type'], body });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const kubernetes = () =>
    createKubernetes({
      send: (path, { retry: _, ...init }) => fetch(`${origin}${path}`, init),
      namespace: 'mail',
      reporter: 'mailroom-123-abc',
    });

  it('read the annotations of a ConfigMap, also of one that has none', async () => {
    answer.body = '{"metadata":{"resourceVersion":"7","annotations":{"a":"1"}}}';
    expect(await kubernetes().readConfigMap('state')).toEqual({ resourceVersion: '7', annotations: { a: '1' } });
    answer.body = '{"metadata":{"resourceVersion":"8"}}';
    expect(await kubernetes().readConfigMap('state')).toEqual({ resourceVersion: '8', annotations: {} });
    expect(received[0]).toMatchObject({ method: 'GET', url: '/api/v1/namespaces/mail/configmaps/state' });
  });

  it('patch annotations for one resourceVersion, and say when somebody was faster', async () => {
    expect(await kubernetes().patchAnnotations('state', '7', { a: '2' })).toBe('patched');
    expect(received[0]).toMatchObject({
      method: 'PATCH',
      url: '/api/v1/namespaces/mail/configmaps/state',
      contentType: 'application/merge-patch+json',
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      metadata: { resourceVersion: '7', annotations: { a: '2' } },
    });
    answer = { status: 409, body: '{"kind":"Status","message":"the object has been modified"}' };
    expect(await kubernetes().patchAnnotations('state', '7', {}, { dryRun: true })).toBe('conflict');
    expect(received[1]?.url).toBe('/api/v1/namespaces/mail/configmaps/state?dryRun=All');
  });

  it('write an Event that kubectl can sort by its time, about the CronJob by its UID', async () => {
    answer.body = '{"metadata":{"uid":"42"}}';
    const uid = await kubernetes().cronJobUid('mailroom');
    await kubernetes().createEvent(
      { type: 'Warning', reason: 'CycleFailed', note: 'why', time: new Date('2026-03-01T10:00:00.123Z') },
      { name: 'mailroom', uid },
    );
    expect(received[0]?.url).toBe('/apis/batch/v1/namespaces/mail/cronjobs/mailroom');
    expect(received[1]?.url).toBe('/api/v1/namespaces/mail/events');
    expect(JSON.parse(received[1]?.body ?? '')).toEqual({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { generateName: 'mailroom.19ca8d72d7b.', namespace: 'mail' },
      firstTimestamp: '2026-03-01T10:00:00Z',
      lastTimestamp: '2026-03-01T10:00:00Z',
      count: 1,
      eventTime: '2026-03-01T10:00:00.123000Z',
      type: 'Warning',
      reason: 'CycleFailed',
      action: 'Triage',
      message: 'why',
      involvedObject: { apiVersion: 'batch/v1', kind: 'CronJob', namespace: 'mail', name: 'mailroom', uid: '42' },
      source: { component: 'mailroom' },
      reportingComponent: 'mailroom',
      reportingInstance: 'mailroom-123-abc',
    });
  });

  it.each([
    [403, '{"message":"forbidden"}', 'credentials', /does not let Mailroom read the ConfigMap state/],
    [404, '{"message":"not found"}', 'missing', /the ConfigMap state is not in the cluster/],
    [422, '{"message":"is invalid"}', 'refused', /answered 422 .*: is invalid/],
    [429, 'slow down', 'transient', /answered 429/],
    [200, '<html>', 'protocol', /makes no sense/],
    [200, '{"metadata":{}}', 'protocol', /makes no sense/],
    [200, 'null', 'protocol', /makes no sense/],
  ] as const)('turn the answer %i %s into %s', async (status, body, code, message) => {
    answer = { status, body };
    await expect(kubernetes().readConfigMap('state')).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});
