import { rootRequirement } from '../support/requirement';

describe('Why a suite is left out', () => {
  it.each([
    ['Cyrus IMAP is not installed', true, 'Cyrus IMAP is not installed', 'sudo apt-get install cyrus-imapd'],
    ['Cyrus IMAP is not installed', false, 'Cyrus IMAP is not installed', 'sudo apt-get install cyrus-imapd'],
    [undefined, false, 'Cyrus IMAP runs as root only', 'sudo npm test'],
    [undefined, true, undefined, 'sudo npm test'],
  ])('is said in words that fit (missing: %s, root: %s)', (missing, isRoot, reason, install) => {
    const requirement = rootRequirement('Cyrus IMAP', missing, 'sudo apt-get install cyrus-imapd', isRoot);
    expect([requirement.missing(), requirement.install]).toEqual([reason, install]);
  });
});
