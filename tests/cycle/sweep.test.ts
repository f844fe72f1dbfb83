import { MailroomError } from '../../src/errors';
import { aContact, aListMessage, aMessage, LIST, SCREENER } from '../support/builders';
import { type AccountSpec, anAccount, cycleOn, recordingLog, settingsWith } from '../support/fake-cycle';

const ANN = 'Ann <ann@example.com>';
const YESTERDAY = '2026-02-28T10:00:00Z';
const EARLIER = '2026-02-28T09:59:59Z';

/** A sender with a verdict, whose mail slips past the rules. */
const SPEC: AccountSpec = {
  settings: settingsWith(undefined, { MAILROOM_SWEEP: 'true' }),
  messages: [
    aMessage('1', ANN, [SCREENER, 'My label'], YESTERDAY),
    aMessage('2', ANN, [SCREENER]),
    aMessage('stranger', 'eve@example.com', [SCREENER]),
  ],
  contacts: [aContact('u', { addresses: ['ann@example.com'] })],
  members: { Feed: ['u'] },
};

describe('a cycle that finds what slipped past the rules', () => {
  it('files it, and says so of each sender', async () => {
    const account = anAccount(SPEC);
    const log = recordingLog();
    await expect(cycleOn(account, { log })).resolves.toMatchObject({
      report: { swept: 2, triaged: 0 },
      summary: '2 filed that had slipped past the rules',
    });
    expect(account.mail.places).toEqual({ 1: ['Feed', 'My label'], 2: ['Feed'], stranger: [SCREENER] });
    expect(log.records).toEqual([
      {
        level: 'info',
        message: 'Filed what had slipped past the rules',
        fields: { sender: 'ann@example.com', category: 'Feed', filed: 2 },
      },
    ]);
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { swept: 0 } });
  });

  it('leaves alone what came into the Screener earlier', async () => {
    const account = anAccount({ ...SPEC, messages: [aMessage('1', ANN, [SCREENER], EARLIER)] });
    await cycleOn(account);
    expect(account.journal.writes).toEqual([]);
  });

  it('asks the address book nothing where everything is judged, or nobody’s', async () => {
    const messages = [aMessage('label', ANN, [SCREENER, '@ToFeed']), aMessage('nobody', null, [SCREENER])];
    const account = anAccount({ ...SPEC, messages });
    const book = account.book.open();
    const findWithGroups = jest.fn(book.findWithGroups);
    await cycleOn(account, { openBook: async () => ({ ...book, findWithGroups }) });
    expect(findWithGroups).not.toHaveBeenCalled();
  });

  it('files by the groups as they were, after all verdicts', async () => {
    const messages = [...SPEC.messages, aMessage('label', 'bob@example.com', [SCREENER, '@ToFeed'])];
    const account = anAccount({ ...SPEC, messages });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { swept: 2, triaged: 1, filed: 1 } });
    expect(account.journal.writes).toEqual([
      'create own-bob@example.com',
      'group Feed: +own-bob@example.com',
      `mail: label +Feed -${SCREENER} -@ToFeed`,
      `mail: 1 +Feed -${SCREENER}, 2 +Feed -${SCREENER}`,
    ]);
  });

  it('files by the verdicts of domains and lists where there are such', async () => {
    const log = recordingLog();
    const account = anAccount({
      ...SPEC,
      features: ['domains', 'lists'],
      messages: [
        aMessage('of the domain', 'bob@shop.example', [SCREENER]),
        aListMessage('of the list', ANN, [SCREENER]),
      ],
      contacts: [
        aContact('domain', { addresses: ['*@shop.example'] }),
        aContact('list', { addresses: [LIST], note: `Mailroom 2026-01-01: Jail <list:${LIST}>` }),
      ],
      members: { 'Feed domains': ['domain'], 'Jail lists': ['list'] },
    });
    await expect(cycleOn(account, { log })).resolves.toMatchObject({ report: { swept: 2 } });
    expect(account.mail.places).toEqual({ 'of the domain': ['Feed'], 'of the list': ['Jail'] });
    expect(log.records.map(({ fields }) => fields)).toEqual([
      { domain: 'shop.example', sender: 'bob@shop.example', category: 'Feed', filed: 1 },
      { list: LIST, sender: 'ann@example.com', category: 'Jail', filed: 1 },
    ]);
  });

  it('knows of no verdict on a domain without the label for domains', async () => {
    const messages = [aMessage('1', ANN, [SCREENER]), aMessage('2', 'bob@shop.example', [SCREENER])];
    const contacts = [aContact('u', { addresses: ['ann@example.com', '*@shop.example'] })];
    const account = anAccount({ ...SPEC, messages, contacts });
    await cycleOn(account);
    expect(account.mail.places).toEqual({ 1: ['Feed'], 2: [SCREENER] });
  });

  it('leaves it to the next cycle where it was stopped', async () => {
    const messages = [...SPEC.messages, aMessage('label', 'bob@example.com', ['@ToFeed'])];
    const account = anAccount({ ...SPEC, messages });
    const stop = new AbortController();
    const end = cycleOn(account, { stop: stop.signal, onStep: () => stop.abort() });
    await expect(end).resolves.toMatchObject({ report: { triaged: 1, swept: 0 } });
    expect(account.mail.places).toMatchObject({ 1: ['My label', SCREENER], 2: [SCREENER] });
  });

  it.each<[string, Partial<AccountSpec>]>([
    ['refuses', { mail: { refused: ['1'] } }],
    [
      'fails',
      {
        mail: { chunkSize: 1 },
        trouble: (line) => {
          if (line.startsWith('mail: 1')) throw new MailroomError({ code: 'transient', message: 'busy' });
          return undefined;
        },
      },
    ],
  ])('goes on where the server %s to file a message, and says how many', async (_, trouble) => {
    const log = recordingLog();
    await expect(cycleOn(anAccount({ ...SPEC, ...trouble }), { log })).resolves.toMatchObject({ report: { swept: 1 } });
    expect(log.records).toEqual([
      expect.objectContaining({ level: 'info', fields: { sender: 'ann@example.com', category: 'Feed', filed: 1 } }),
      {
        level: 'warn',
        message: 'Some messages that had slipped past the rules could not be filed',
        fields: { messages: 1 },
      },
    ]);
  });

  it('does not count what the user has moved meanwhile', async () => {
    const log = recordingLog();
    const account = anAccount({
      ...SPEC,
      mail: { chunkSize: 1 },
      trouble: (line) => {
        if (line.startsWith('mail: 1')) {
          for (const id of ['1', '2']) account.mail.put(aMessage(id, ANN, ['Archive']));
        }
        return undefined;
      },
    });
    await expect(cycleOn(account, { log })).resolves.toMatchObject({ report: { swept: 0 } });
    expect(log.records).toEqual([]);
    expect(account.mail.places).toMatchObject({ 1: ['Archive'], 2: ['Archive'] });
  });
});
