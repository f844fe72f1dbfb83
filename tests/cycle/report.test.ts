import { type CycleReport, summarise } from '../../src/cycle/report';
import {
  aContact,
  aListMessage,
  aMessage,
  ERROR_LABEL,
  LIST,
  ownUidOf,
  SCREENER,
  WHOLE_DOMAIN,
  WHOLE_LIST,
} from '../support/builders';
import { type AccountSpec, anAccount, cycleOn, mailboxesFor, recordingLog, settingsWith } from '../support/fake-cycle';

const NOTHING: CycleReport = {
  triaged: 0,
  domains: 0,
  lists: 0,
  impossible: 0,
  takenBack: 0,
  spam: 0,
  filed: 0,
  swept: 0,
  contactsCreated: 0,
  warned: 0,
  conflicts: 0,
  withoutSender: 0,
  severalSenders: 0,
  withoutJunk: 0,
  leftAlone: 0,
  failed: 0,
  refused: 0,
  notStarted: 0,
};

describe('the summary of a cycle', () => {
  it.each<[Partial<CycleReport>, string]>([
    [{}, 'Nothing to triage'],
    [{ triaged: 1, filed: 1 }, 'Triaged 1 sender, filed 1 message'],
    [
      { triaged: 2, filed: 30, contactsCreated: 2, warned: 1 },
      'Triaged 2 senders, filed 30 messages, 2 contacts made, 1 with a warning',
    ],
    [
      { takenBack: 1, spam: 2, filed: 9, withoutJunk: 1 },
      'Triaged 0 senders, filed 9 messages, 1 taken back, 2 taken for spam, 1 spam without a junk mailbox',
    ],
    [{ domains: 1, filed: 4 }, 'Triaged 1 domain, filed 4 messages'],
    [
      { triaged: 1, domains: 2, lists: 1, filed: 0, impossible: 3 },
      'Triaged 1 sender, 2 domains, 1 mailing list, filed 0 messages, 3 asking for what cannot be',
    ],
    [{ domains: 1, lists: 1 }, 'Triaged 1 domain, 1 mailing list, filed 0 messages'],
    [{ swept: 3 }, '3 filed that had slipped past the rules'],
    [{ conflicts: 1 }, '1 in conflict'],
    [
      {
        triaged: 1,
        filed: 1,
        conflicts: 2,
        withoutSender: 3,
        severalSenders: 8,
        leftAlone: 4,
        refused: 5,
        failed: 6,
        notStarted: 7,
      },
      'Triaged 1 sender, filed 1 message, 2 in conflict, 3 without a usable From, 8 with several From addresses, 4 left alone with the error label, ' +
        '5 refused by a server, 6 failed, to be tried again, 7 left for the next cycle',
    ],
  ])('of %j', (counts, text) => {
    expect(summarise({ ...NOTHING, ...counts })).toBe(text);
  });
});

const FEATURES = ['domains', 'lists', 'undo', 'spam'] as const;
const SETTINGS = settingsWith(undefined, { MAILROOM_SWEEP: 'true' });
const OTHER_LIST = 'other@list.example';

/** Messages that are objected to, for each reason there is. */
const OBJECTED: AccountSpec = {
  settings: SETTINGS,
  features: FEATURES,
  mail: { mailboxes: mailboxesFor(SETTINGS, FEATURES).filter(({ role }) => role !== 'junk') },
  messages: [
    aMessage('conflict 1', 'ann@x.example', ['@ToFeed']),
    aMessage('conflict 2', 'ann@x.example', ['@ToJail']),
    aMessage('domain and list', 'bob@x.example', ['@ToFeed', WHOLE_DOMAIN, WHOLE_LIST]),
    aMessage('no sender 1', null, ['@ToFeed']),
    aMessage('no sender 2', null, ['@ToFeed']),
    aMessage('no sender 3', null, ['@ToFeed']),
    {
      ...aMessage('several senders', null, ['@ToFeed']),
      from: ['a@x.example', 'b@x.example'].map((email) => ({ name: null, email })),
    },
    aMessage('no junk mailbox 1', 'spam@x.example', ['@ToSpam']),
    aMessage('no junk mailbox 2', 'spam@x.example', ['@ToSpam']),
    aMessage('public domain', 'ann@gmail.com', ['@ToFeed', WHOLE_DOMAIN]),
    aMessage('own domain', 'me@home.example', ['@ToFeed', WHOLE_DOMAIN]),
    aMessage('no list', 'cat@x.example', ['@ToFeed', WHOLE_LIST]),
    aListMessage('not addressed to its list', 'dan@x.example', ['@ToFeed', WHOLE_LIST], {
      recipients: ['me@home.example'],
    }),
    aMessage('verdict of its domain', 'eve@shop.example', ['@ToScreener']),
    aListMessage('verdict of its list', 'fay@x.example', ['@ToScreener']),
    aMessage('left alone', 'gil@x.example', ['@ToFeed', ERROR_LABEL]),
  ],
  contacts: [
    aContact('domain', { addresses: ['*@shop.example'], note: 'Mailroom 2026-01-01: Feed <*@shop.example>' }),
    aContact('list', { addresses: [LIST], note: `Mailroom 2026-01-01: Feed <list:${LIST}>` }),
  ],
  members: { 'Feed domains': ['domain'], 'Feed lists': ['list'] },
};

/** Verdicts of each kind. */
const TRIAGED: AccountSpec = {
  settings: SETTINGS,
  features: FEATURES,
  messages: [
    aMessage('new 1', 'ann@x.example', [SCREENER, '@ToFeed']),
    aMessage('new 2', 'ann@x.example', [SCREENER]),
    aMessage('warned', 'The Bank <bob@x.example>', ['@ToJail']),
    aMessage('domain', 'cat@shop.example', ['@ToFeed', WHOLE_DOMAIN]),
    aListMessage('list', 'dan@x.example', ['@ToFeed', WHOLE_LIST]),
    aListMessage('another list', 'dan@x.example', ['@ToJail', WHOLE_LIST], {
      recipients: [OTHER_LIST],
      listPost: [`mailto:${OTHER_LIST}`],
    }),
    aMessage('taken back', 'eve@x.example', ['Feed', '@ToScreener']),
    aMessage('spam 1', 'fay@x.example', ['@ToSpam']),
    aMessage('spam 2', 'gil@x.example', ['@ToSpam']),
    aMessage('slipped', 'hal@x.example', [SCREENER]),
  ],
  contacts: [
    aContact('bob', { addresses: ['bob@x.example'], formattedName: 'Bob' }),
    aContact(ownUidOf('eve@x.example'), {
      addresses: ['eve@x.example'],
      note: 'Mailroom 2026-01-01: Feed',
      pristine: true,
    }),
    aContact('hal', { addresses: ['hal@x.example'] }),
  ],
  members: { Feed: [ownUidOf('eve@x.example'), 'hal'] },
  book: { mayLeaveAll: ['eve@x.example'] },
};

describe('what a cycle counts', () => {
  it('is what it objects to, each by its reason: conflicts by senders, all else by messages', async () => {
    await expect(cycleOn(anAccount(OBJECTED))).resolves.toMatchObject({
      report: {
        ...NOTHING,
        conflicts: 2,
        withoutSender: 3,
        severalSenders: 1,
        withoutJunk: 2,
        impossible: 6,
        leftAlone: 1,
      },
    });
  });

  it('is told in words of its own for each reason', async () => {
    const log = recordingLog();
    await cycleOn(anAccount(OBJECTED), { log });
    const words = new Set(log.records.map(({ level, message }) => (level === 'warn' ? message : '')));
    expect(words.size).toBe(11);
    expect(words).not.toContain('');
  });

  it('is who was triaged, each by its kind', async () => {
    await expect(cycleOn(anAccount(TRIAGED))).resolves.toMatchObject({
      report: {
        ...NOTHING,
        triaged: 2,
        domains: 1,
        lists: 2,
        takenBack: 1,
        spam: 2,
        filed: 9,
        swept: 1,
        contactsCreated: 4,
        warned: 1,
      },
    });
  });
});

describe('the summary of a dry run', () => {
  it.each<[AccountSpec, string]>([
    [{ messages: [] }, 'Nothing was written: nothing to triage'],
    [OBJECTED, 'Nothing was written: 11 to object to, 1 left alone with the error label'],
    [TRIAGED, 'Nothing was written: 8 to triage, 1 whose mail slipped past the rules'],
  ])('has what was planned: %#', async (spec, summary) => {
    await expect(cycleOn(anAccount(spec), { showPlan: () => {} })).resolves.toEqual({ kind: 'planned', summary });
  });
});
