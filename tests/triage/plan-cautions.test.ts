import { domainLore } from '../../src/domains/look-alikes';
import type { Caution } from '../../src/triage/caution';
import type { Contact } from '../../src/triage/contact';
import type { Decision } from '../../src/triage/decision';
import type { Message } from '../../src/triage/message';
import { cautionsBy } from '../../src/triage/plan-cautions';
import type { Subject } from '../../src/triage/subject';
import { aContact, aGroup, aMessage, DEFAULTS, FEED, IMBOX, ownUidOf, PERSON } from '../support/builders';

const FRIEND = aContact('friend', { formattedName: 'Eve', addresses: ['eve@firm.example'] });
const LABELLED = aMessage('1', 'Eve <pay@firn.example>', ['Screener', '@ToImbox']);

interface Case {
  readonly subject?: Subject;
  readonly decision?: Decision;
  readonly labelled?: readonly Message[];
  readonly backlog?: readonly Message[];
  readonly contacts?: readonly Contact[];
  readonly memberOf?: string;
  readonly dmarcFailures?: readonly string[];
}

function cautionsFor({
  subject = { kind: 'sender', address: 'pay@firn.example' },
  decision = IMBOX,
  labelled = [LABELLED],
  backlog = [],
  contacts = [],
  memberOf = 'Imbox',
  dmarcFailures = [],
}: Case): readonly Caution['kind'][] {
  const cautionsOf = cautionsBy({ similar: [FRIEND], lore: domainLore, dmarcFailures: new Set(dmarcFailures) });
  const facts = {
    verdict: { subject, email: subject.address, decision, labelled },
    categories: DEFAULTS,
    contacts,
    groups: ['Imbox', 'Imbox domains', 'Feed'].map((name) => aGroup(name, name === memberOf ? ['friend'] : [])),
    userGroups: [],
    today: '2026-03-01',
    ownUid: ownUidOf(subject.address),
  };
  return cautionsOf(facts, backlog).map(({ kind }) => kind);
}

describe('the cautions of a verdict', () => {
  it.each<[string, Case, readonly Caution['kind'][]]>([
    [
      'that lets a sender in, are all that there are',
      { dmarcFailures: ['1'] },
      ['known name', 'look-alike domain', 'dmarc=fail'],
    ],
    ['that makes a sender a person, are the same', { decision: PERSON }, ['known name', 'look-alike domain']],
    ['for Feed, are none', { decision: FEED, dmarcFailures: ['1'] }, []],
    ['that is taken back, are none', { decision: 'take back', dmarcFailures: ['1'] }, []],
    ['for spam, are none', { decision: 'spam', dmarcFailures: ['1'] }, []],
    ['count failures of labelled messages alone', { dmarcFailures: ['2'] }, ['known name', 'look-alike domain']],
    [
      'hold domains against those of contacts in groups of domains, too',
      { memberOf: 'Imbox domains' },
      ['known name', 'look-alike domain'],
    ],
    ['hold them against no contact of other groups', { memberOf: 'Feed' }, ['known name']],
    [
      'know a relay by the names of its other mail',
      { backlog: [aMessage('2', 'Ben <pay@firn.example>', ['Screener'])] },
      ['look-alike domain'],
    ],
    [
      'are not stilled by the contact that Mailroom has made for the sender',
      { contacts: [aContact(ownUidOf('pay@firn.example'), { formattedName: 'Eve', addresses: ['pay@firn.example'] })] },
      ['known name', 'look-alike domain'],
    ],
    [
      'are stilled by one of the user’s own',
      { contacts: [aContact('mine', { formattedName: 'Eve', addresses: ['pay@firn.example'] })] },
      [],
    ],
    [
      'on a whole domain, look at no name',
      { subject: { kind: 'domain', address: '*@firn.example' }, dmarcFailures: ['1'] },
      ['look-alike domain', 'dmarc=fail'],
    ],
    ['on a list, are none', { subject: { kind: 'list', address: 'posts@firn.example' }, dmarcFailures: ['1'] }, []],
  ])('%s', (_, facts, expected) => {
    expect(cautionsFor(facts)).toEqual(expected);
  });
});
