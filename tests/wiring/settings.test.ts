import { unknownSettings } from '../../src/wiring/settings';

describe('variables that look like settings', () => {
  it.each([
    ['MAILROOM_LABEL_TO_FED', 'MAILROOM_LABEL_TO_FED is no setting; did you mean MAILROOM_LABEL_TO_FEED?'],
    ['MAILROOM_JMAP_TOKNE', 'MAILROOM_JMAP_TOKNE is no setting; did you mean MAILROOM_JMAP_TOKEN?'],
    ['MAILROOM_CATEGORY', 'MAILROOM_CATEGORY is no setting; did you mean MAILROOM_CATEGORIES?'],
    ['MAILROOM_SOMETHING_ELSE', 'MAILROOM_SOMETHING_ELSE is no setting'],
  ])('%s is told', async (name, warning) => {
    expect(await unknownSettings({ [name]: 'x' })).toEqual([warning]);
  });

  it.each([
    'MAILROOM_JMAP_TOKEN',
    'MAILROOM_CATEGORIES',
    'MAILROOM_TERMINATION_LOG',
    'MAILROOM_CRONJOB',
    'MAILROOM_SERVICE_HOST',
    'MAILROOM_SERVICE_PORT',
    'MAILROOM_SERVICE_PORT_HTTP',
    'MAILROOM_PORT',
    'MAILROOM_PORT_8080_TCP_ADDR',
    'MAILROOM_METRICS_SERVICE_HOST',
    'HOME',
    'XMAILROOM_LABEL',
  ])('%s is none to speak of', async (name) => {
    expect(await unknownSettings({ [name]: 'x' })).toEqual([]);
  });
});
