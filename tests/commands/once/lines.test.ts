import { planLines } from '../../../src/commands/once/plan-lines';
import { workLines } from '../../../src/commands/once/work-lines';
import type { VerdictWork } from '../../../src/cycle/verdict-work';
import { PLAIN } from '../../../src/screen/screen';
import { aContact, aMailbox, aMessage, SCREENER } from '../../support/builders';
import { anAccount, cycleOn, planOn } from '../../support/fake-cycle';

const ANN = 'Ann <ann@example.com>';
const BOB = 'Bob <bob@example.com>';
const ANNS = aContact('ann', { formattedName: 'Ann', addresses: ['ann@example.com'] });

const MESSAGES = [
  aMessage('1', BOB, ['@ToFeed', '@ToJail']),
  aMessage('2', 'Zoe <zoe@example.com>', [SCREENER, '@ToFeed']),
  aMessage('3', 'The Bank <ann@example.com>', [SCREENER, '@ToPaperTrail']),
  aMessage('4', ANN, [SCREENER]),
];

function account() {
  return anAccount({ messages: MESSAGES, contacts: [ANNS] });
}

describe('the plan for a person', () => {
  const linesAt = async (width: number | undefined): Promise<readonly string[]> => {
    const plan = await planOn(account());
    const names = [...new Set(MESSAGES.flatMap(({ mailboxIds }) => [...mailboxIds]))].map((name) => aMailbox(name));
    return planLines(plan, names, { ...PLAIN, width });
  };

  it('has each sender with what will be written below it, by address, and what it objects to last', async () => {
    expect(await linesAt(undefined)).toEqual([
      'ann@example.com → Paper Trail',
      '  note it in the contact',
      '  join Paper Trail',
      '  1 message out of Screener, @ToPaperTrail into Paper Trail, @MailroomWarning',
      '  1 message out of Screener into Paper Trail',
      '  warn that the names differ',
      'zoe@example.com → Feed',
      '  make a contact',
      '  join Feed',
      '  1 message out of Screener, @ToFeed into Feed',
      'bob@example.com',
      '  put the error label on 1 message: the triage labels contradict each other (Feed, Jail)',
    ]);
  });

  it('fits a narrow screen', async () => {
    expect((await linesAt(60)).slice(-2)).toEqual([
      '  put the error label on 1 message: the triage labels',
      '  contradict each other (Feed, Jail)',
    ]);
  });
});

describe('what was done, for a person', () => {
  it('is a sentence for each sender that was triaged', async () => {
    const shown: VerdictWork[] = [];
    await cycleOn(account(), { showWork: (work) => shown.push(...work) });
    expect(workLines(shown, PLAIN)).toEqual([
      'ann@example.com → Paper Trail: 2 messages filed, with a warning: the names differ',
      'zoe@example.com → Feed: contact made, 1 message filed',
    ]);
  });
});
