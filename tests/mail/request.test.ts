import type { Answer } from '../http/scripted-server';
import { type ScriptedJmap, startScriptedJmap } from './scripted-jmap';

/** Mailbox/get, which `openMail` sends, stands for any call here. */
describe('a JMAP request', () => {
  let jmap: ScriptedJmap;
  beforeEach(async () => {
    jmap = await startScriptedJmap();
  });
  afterEach(() => jmap.stop());

  function problem(status: number, body: object): Answer {
    return { status, headers: { 'content-type': 'application/problem+json' }, body: JSON.stringify(body) };
  }

  it.each<[string, Answer, string, string]>([
    [
      'too many requests at once',
      problem(400, { type: 'urn:ietf:params:jmap:error:limit', limit: 'maxConcurrentRequests' }),
      'transient',
      'too many requests',
    ],
    [
      'too many calls',
      problem(400, { type: 'urn:ietf:params:jmap:error:limit', limit: 'maxCallsInRequest' }),
      'protocol',
      'maxCallsInRequest',
    ],
    [
      'an unknown capability',
      problem(400, { type: 'urn:ietf:params:jmap:error:unknownCapability', detail: 'no urn:x' }),
      'protocol',
      'unknownCapability, no urn:x',
    ],
    ['a page instead of a problem', { status: 400, body: '<html>' }, 'protocol', 'a web page'],
    ['an API that is gone', problem(404, { type: 'about:blank' }), 'protocol', 'HTTP 404'],
    ['a forbidden token', { status: 403 }, 'credentials', 'HTTP 403'],
    ['a full server', { status: 507 }, 'transient', 'HTTP 507'],
    ['a redirect', { status: 302, headers: { location: '/x' } }, 'protocol', 'redirected'],
    ['a page', { status: 200, body: '<html>' }, 'protocol', 'a web page'],
    ['no responses', { status: 200, body: '{}' }, 'protocol', 'nothing for Mailbox/get'],
    [
      'the response of another call',
      { status: 200, body: JSON.stringify({ methodResponses: [['Mailbox/get', { list: [] }, '7']] }) },
      'protocol',
      'nothing for Mailbox/get',
    ],
    [
      'the response of another method',
      { status: 200, body: JSON.stringify({ methodResponses: [['Core/echo', { list: [] }, '0']] }) },
      'protocol',
      'nothing for Mailbox/get',
    ],
    [
      'a response without a list',
      { status: 200, body: JSON.stringify({ methodResponses: [['Mailbox/get', {}, '0']] }) },
      'protocol',
      'no list',
    ],
    [
      'a mailbox without an id',
      { status: 200, body: JSON.stringify({ methodResponses: [['Mailbox/get', { list: [{ name: 'x' }] }, '0']] }) },
      'protocol',
      'no id',
    ],
  ])('that ends with %s', async (_, answer, code, words) => {
    jmap.insteads.push(answer);
    await expect(jmap.open()).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });

  it.each([
    ['serverUnavailable', 'transient'],
    ['serverFail', 'transient'],
    ['serverPartialFail', 'transient'],
    ['rateLimit', 'transient'],
    ['forbidden', 'credentials'],
    ['accountReadOnly', 'credentials'],
    ['unknownMethod', 'protocol'],
    ['invalidArguments', 'protocol'],
    ['accountNotFound', 'protocol'],
    ['somethingNew', 'protocol'],
  ])('whose method ends with %s is an error of the kind %s', async (type, code) => {
    jmap.methods['Mailbox/get'] = () => ({ error: { type, description: 'because' } });
    await expect(jmap.open()).rejects.toMatchObject({
      code,
      message: `JMAP: Mailbox/get failed: ${type}, because`,
    });
  });

  it('keeps addresses and control characters of the server’s words out of the error', async () => {
    const description = 'No user <ann@example.com>\r\nin \u202Esight';
    jmap.methods['Mailbox/get'] = () => ({ error: { type: 'serverFail', description } });
    await expect(jmap.open()).rejects.toMatchObject({
      message: 'JMAP: Mailbox/get failed: serverFail, No user … in sight',
    });
  });

  it('is sent again after HTTP 503', async () => {
    jmap.insteads.push({ status: 503 });
    await expect(jmap.open()).resolves.toMatchObject({ mailboxes: [{ name: 'Inbox' }] });
  });
});
