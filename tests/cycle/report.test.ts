import { type CycleReport, summarise } from '../../src/cycle/report';

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
