import { type Environment, readSettings } from '../src/config';
import { MailroomError } from '../src/errors';
import { parseYaml } from '../src/yaml';

const REQUIRED = {
  MAILROOM_JMAP_TOKEN: 'fmu1-s3cret-token',
  MAILROOM_CARDDAV_USERNAME: 'me@example.com',
  MAILROOM_CARDDAV_PASSWORD: 's3cret-password',
};

function settings(environment: Environment = {}, dotEnv: Environment = {}) {
  return readSettings({ ...REQUIRED, ...environment }, dotEnv, parseYaml);
}

function faultIn(environment: Environment): MailroomError {
  try {
    readSettings(environment, {}, parseYaml);
  } catch (error) {
    if (error instanceof MailroomError) return error;
    throw error;
  }
  throw new Error('The settings are taken');
}

/** What is wrong with one setting, where all others are right. */
function fault(name: string, value: string): string {
  return faultIn({ ...REQUIRED, [name]: value }).message;
}

describe('without any setting but the required ones', () => {
  it('the defaults are those of the table', () => {
    const { categories, ...others } = settings();
    expect(others).toEqual({
      jmapToken: 'fmu1-s3cret-token',
      jmapSessionUrl: 'https://api.fastmail.com/jmap/session',
      cardDavUsername: 'me@example.com',
      cardDavPassword: 's3cret-password',
      cardDavUrl: 'https://carddav.fastmail.com/',
      pollInterval: 300,
      logLevel: 'info',
      screenerMailbox: 'Screener',
      letterMailbox: 'Inbox',
      errorLabel: '@MailroomError',
      warningLabel: '@MailroomWarning',
      warningsEnabled: true,
      authservIds: [],
      sweep: true,
      featureLabels: { domains: '@WholeDomain', lists: '@WholeList', undo: '@ToScreener', spam: '@ToSpam' },
      pingUrl: undefined,
      failureThreshold: 10,
      stateConfigMap: 'mailroom-state',
    });
    expect(
      categories.map(({ name, label, group, mailbox, contactType, parent, addToInbox }) =>
        [name, label, group, mailbox, contactType, parent, addToInbox].join(' | '),
      ),
    ).toEqual([
      'Imbox | @ToImbox | Imbox | Inbox | company |  | false',
      'Feed | @ToFeed | Feed | Feed | company |  | false',
      'Paper Trail | @ToPaperTrail | Paper Trail | Paper Trail | company |  | false',
      'Jail | @ToJail | Jail | Jail | company |  | false',
      'Person | @ToPerson | Imbox | Inbox | person | Imbox | false',
    ]);
    expect(categories.map(({ domainGroup, listGroup }) => [domainGroup, listGroup])).toEqual([
      ['Imbox domains', 'Imbox lists'],
      ['Feed domains', 'Feed lists'],
      ['Paper Trail domains', 'Paper Trail lists'],
      ['Jail domains', 'Jail lists'],
      ['Imbox domains', 'Imbox lists'],
    ]);
  });

  it('nothing of the settings can be changed', () => {
    expect(Object.isFrozen(settings())).toBe(true);
  });
});

describe('a setting', () => {
  it.each<[string, string, string, unknown]>([
    ['MAILROOM_JMAP_SESSION_URL', 'http://127.0.0.1:8080/jmap/', 'jmapSessionUrl', 'http://127.0.0.1:8080/jmap/'],
    ['MAILROOM_CARDDAV_URL', 'https://dav.example.com', 'cardDavUrl', 'https://dav.example.com/'],
    ['MAILROOM_CARDDAV_URL', 'http://localhost/', 'cardDavUrl', 'http://localhost/'],
    ['MAILROOM_CARDDAV_URL', 'http://[::1]:81/', 'cardDavUrl', 'http://[::1]:81/'],
    ['MAILROOM_POLL_INTERVAL', '60', 'pollInterval', 60],
    ['MAILROOM_POLL_INTERVAL', ' 60 ', 'pollInterval', 60],
    ['MAILROOM_LOG_LEVEL', 'warning', 'logLevel', 'warn'],
    ['MAILROOM_LOG_LEVEL', 'WARN', 'logLevel', 'warn'],
    ['MAILROOM_LOG_LEVEL', 'debug', 'logLevel', 'debug'],
    ['MAILROOM_LOG_LEVEL', ' error ', 'logLevel', 'error'],
    ['MAILROOM_WARNINGS_ENABLED', 'false', 'warningsEnabled', false],
    ['MAILROOM_AUTHSERV_ID', 'mx.example', 'authservIds', ['mx.example']],
    [
      'MAILROOM_AUTHSERV_ID',
      ' mx1.example, mx2.example mx3.example ',
      'authservIds',
      ['mx1.example', 'mx2.example', 'mx3.example'],
    ],
    ['MAILROOM_WARNINGS_ENABLED', ' True ', 'warningsEnabled', true],
    ['MAILROOM_SCREENER_MAILBOX', ' Wait Here ', 'screenerMailbox', 'Wait Here'],
    ['MAILROOM_LABEL_MAILROOM_ERROR', '!Error', 'errorLabel', '!Error'],
    ['MAILROOM_LABEL_MAILROOM_WARNING', '!Warning', 'warningLabel', '!Warning'],
    ['MAILROOM_FAILURE_THRESHOLD', '3', 'failureThreshold', 3],
    ['MAILROOM_STATE_CONFIGMAP', 'other', 'stateConfigMap', 'other'],
    ['MAILROOM_JMAP_TOKEN', ' token ', 'jmapToken', 'token'],
    ['MAILROOM_JMAP_TOKEN', 'token\n', 'jmapToken', 'token'],
    ['MAILROOM_CARDDAV_USERNAME', 'me@example.com\r\n', 'cardDavUsername', 'me@example.com'],
    ['MAILROOM_CARDDAV_PASSWORD', 'with some spaces', 'cardDavPassword', 'with some spaces'],
  ])('%s=%j is taken', (name, value, setting, expected) => {
    expect(settings({ [name]: value })).toMatchObject({ [setting]: expected });
  });

  it.each([
    ['MAILROOM_LABEL_TO_IMBOX', 'Imbox', 'label'],
    ['MAILROOM_LABEL_TO_FEED', 'Feed', 'label'],
    ['MAILROOM_LABEL_TO_PAPER_TRAIL', 'Paper Trail', 'label'],
    ['MAILROOM_LABEL_TO_JAIL', 'Jail', 'label'],
    ['MAILROOM_LABEL_TO_PERSON', 'Person', 'label'],
    ['MAILROOM_GROUP_IMBOX', 'Imbox', 'group'],
    ['MAILROOM_GROUP_IMBOX', 'Person', 'group'],
    ['MAILROOM_GROUP_FEED', 'Feed', 'group'],
    ['MAILROOM_GROUP_PAPER_TRAIL', 'Paper Trail', 'group'],
    ['MAILROOM_GROUP_JAIL', 'Jail', 'group'],
  ])('%s is the one of category %s', (variable, category, field) => {
    const { categories } = settings({ [variable]: 'My Own' });
    expect(categories.find(({ name }) => name === category)).toMatchObject({ [field]: 'My Own' });
  });

  it('that is an empty string is not set', () => {
    expect(settings({ MAILROOM_POLL_INTERVAL: '', MAILROOM_CATEGORIES: '' })).toEqual(settings());
    expect(faultIn({ ...REQUIRED, MAILROOM_JMAP_TOKEN: '' }).message).toContain('MAILROOM_JMAP_TOKEN is not set');
  });

  it.each([
    ['MAILROOM_JMAP_TOKEN', '   '],
    ['MAILROOM_CARDDAV_PASSWORD', ' \t '],
    ['MAILROOM_JMAP_TOKEN', 'to\nken'],
    ['MAILROOM_JMAP_TOKEN', 'töken'],
    ['MAILROOM_CARDDAV_USERNAME', ' '],
    ['MAILROOM_CARDDAV_USERNAME', 'me\n@example.com'],
    ['MAILROOM_JMAP_SESSION_URL', 'api.fastmail.com'],
    ['MAILROOM_JMAP_SESSION_URL', 'http://api.fastmail.com/jmap/session'],
    ['MAILROOM_JMAP_SESSION_URL', 'http://127.0.0.1.example.com/'],
    ['MAILROOM_JMAP_SESSION_URL', 'http://localhost.example.com/'],
    ['MAILROOM_JMAP_SESSION_URL', 'javascript:alert(1)'],
    ['MAILROOM_JMAP_SESSION_URL', 'ftp://127.0.0.1/'],
    ['MAILROOM_CARDDAV_URL', 'https://me:hidden@carddav.fastmail.com/'],
    ['MAILROOM_CARDDAV_URL', 'https://me@carddav.fastmail.com/'],
    ['MAILROOM_POLL_INTERVAL', '0'],
    ['MAILROOM_POLL_INTERVAL', '-1'],
    ['MAILROOM_POLL_INTERVAL', '1.5'],
    ['MAILROOM_POLL_INTERVAL', '5m'],
    ['MAILROOM_POLL_INTERVAL', '1e3'],
    ['MAILROOM_LOG_LEVEL', 'loud'],
    ['MAILROOM_LOG_LEVEL', 'constructor'],
    ['MAILROOM_LOG_LEVEL', '__proto__'],
    ['MAILROOM_WARNINGS_ENABLED', 'yes'],
    ['MAILROOM_FAILURE_THRESHOLD', '0'],
    ['MAILROOM_FAILURE_THRESHOLD', 'ten'],
    ['MAILROOM_SCREENER_MAILBOX', ' '],
    ['MAILROOM_LABEL_TO_FEED', 'a\nb'],
    ['MAILROOM_CATEGORIES', '[Feed'],
    ['MAILROOM_CATEGORIES', 'Feed'],
    ['MAILROOM_CATEGORIES', '[]'],
  ])('%s=%j is refused, and named', (name, value) => {
    const message = fault(name, value);
    expect(message.match(/MAILROOM_\w+/g)).toEqual([name]);
  });

  it('names no other setting when one is wrong', () => {
    expect(fault('MAILROOM_POLL_INTERVAL', 'x')).toBe(
      'The settings do not work: MAILROOM_POLL_INTERVAL must be a whole number above 0',
    );
  });
});

describe('all faults', () => {
  it('are in one report, with the way out', () => {
    const error = faultIn({ MAILROOM_POLL_INTERVAL: 'x', MAILROOM_CATEGORIES: '[{"name": "A", "colour": 1}, A]' });
    expect(error).toMatchObject({ code: 'settings', hint: expect.stringContaining('.env') });
    for (const part of [
      'MAILROOM_JMAP_TOKEN is not set',
      'MAILROOM_CARDDAV_USERNAME is not set',
      'MAILROOM_CARDDAV_PASSWORD is not set',
      'MAILROOM_POLL_INTERVAL must be',
      'MAILROOM_CATEGORIES: category 1 has the unknown field "colour"',
      'MAILROOM_CATEGORIES: two categories have the name "A"',
    ]) {
      expect(error.message).toContain(part);
    }
  });

  it('of the default categories are faults of the triage settings', () => {
    expect(fault('MAILROOM_LABEL_TO_FEED', 'Screener')).toBe(
      'The settings do not work: The triage settings: ' +
        'the label "Screener" of category "Feed" is also the Screener; choose another label',
    );
    expect(fault('MAILROOM_GROUP_FEED', 'Jail')).toContain('share the group "Jail"');
  });

  it('do not grow by those that only follow from others', () => {
    expect(
      faultIn({ ...REQUIRED, MAILROOM_CATEGORIES: '[{name: A, label: 1}, {name: B, label: 2}]' }).message,
    ).not.toMatch(/""/);
    expect(fault('MAILROOM_CATEGORIES', '[{name: A, group: 1}, {name: B, group: 2}]')).not.toMatch(/""/);
    expect(fault('MAILROOM_CATEGORIES', '[{name: A, parent: 1}]')).not.toMatch(/""/);
  });

  it.each(['MAILROOM_JMAP_TOKEN', 'MAILROOM_CARDDAV_PASSWORD'])('do not repeat the value of %s', (name) => {
    expect(fault(name, 'hush\u0000hush')).not.toContain('hush');
    expect(fault('MAILROOM_CARDDAV_URL', 'https://me:hush@example.com/')).not.toContain('hush');
    expect(faultIn({ ...REQUIRED, [name]: 'good-s3cret', MAILROOM_POLL_INTERVAL: 'x' }).message).not.toContain(
      's3cret',
    );
  });
});

describe('MAILROOM_CATEGORIES', () => {
  it.each([
    ['JSON', '["News", {"name": "Bank", "parent": "News", "addToInbox": true}]'],
    ['YAML', '- News\n- name: Bank\n  parent: News\n  addToInbox: true\n'],
    ['short YAML', '[News, {name: Bank, parent: News, addToInbox: true}]'],
  ])('takes %s, which replaces the defaults', (_, value) => {
    expect(settings({ MAILROOM_CATEGORIES: value }).categories).toMatchObject([
      { name: 'News', label: '@ToNews', group: 'News', mailbox: 'News', contactType: 'company', addToInbox: false },
      { name: 'Bank', label: '@ToBank', parent: 'News', addToInbox: true },
    ]);
  });
});

describe('groups of domains and lists', () => {
  it('that meet another use by default switch their feature off', () => {
    const labelsFor = (categories: string) => settings({ MAILROOM_CATEGORIES: categories }).featureLabels;
    expect(labelsFor('[Mailing, Mailing lists]')).toMatchObject({ domains: '@WholeDomain', lists: null });
    expect(labelsFor('[{name: A, domainGroup: A lists}]')).toMatchObject({ domains: '@WholeDomain', lists: null });
    expect(labelsFor('[A, A domains]')).toMatchObject({ domains: null, lists: '@WholeList' });
  });

  it.each([
    [
      '[{name: A, listGroup: B}, B]',
      {},
      'the group "B" of lists in category "A" has another use; choose another "listGroup"',
    ],
    ['[{name: A, domainGroup: A}]', {}, 'the group "A" of domains in category "A" has another use'],
    ['[{name: A, domainGroup: X, listGroup: X}]', {}, 'the group "X" of lists in category "A" has another use'],
    ['[Mailing, Mailing lists]', { MAILROOM_LABEL_WHOLE_LIST: '@List' }, 'the group "Mailing lists" of lists'],
  ])('that are chosen and meet another use are a fault: %s', (MAILROOM_CATEGORIES, others, expected) => {
    expect(faultIn({ ...REQUIRED, ...others, MAILROOM_CATEGORIES }).message).toContain(
      `The settings do not work: MAILROOM_CATEGORIES: ${expected}`,
    );
  });
});

describe('a .env file', () => {
  it('gives what the environment does not set', () => {
    expect(readSettings({}, REQUIRED)).toEqual(settings());
    expect(settings({}, { MAILROOM_POLL_INTERVAL: '60' }).pollInterval).toBe(60);
  });

  it('never overrides what is set', () => {
    expect(settings({ MAILROOM_POLL_INTERVAL: '30' }, { MAILROOM_POLL_INTERVAL: '60' }).pollInterval).toBe(30);
  });

  it('gives what the environment sets to an empty string', () => {
    expect(settings({ MAILROOM_POLL_INTERVAL: '' }, { MAILROOM_POLL_INTERVAL: '60' }).pollInterval).toBe(60);
  });

  it('may be wrong, too', () => {
    expect(() => settings({}, { MAILROOM_POLL_INTERVAL: 'x' })).toThrow('MAILROOM_POLL_INTERVAL must be');
  });
});
