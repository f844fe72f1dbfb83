import { describePlan } from '../../src/cycle/describe-plan';
import { MailroomError } from '../../src/errors';
import type { CyclePlan } from '../../src/triage/plan';
import { aContact, aMessage, ERROR_LABEL, INBOX, SCREENER, WARNING_LABEL, WHOLE_DOMAIN } from '../support/builders';
import { anAccount, contentOf, cycleOn, recordingLog } from '../support/fake-cycle';
import type { Trouble } from '../support/journal';

const ANN = 'Ann <ann@example.com>';
const BOB = 'Bob <bob@example.com>';
const ANNS = aContact('u', { formattedName: 'Ann', addresses: ['ann@example.com'] });

/** Fails each write whose line holds the text. */
function failing(text: string, error: Error, times = Number.POSITIVE_INFINITY): Trouble {
  let left = times;
  return (line) => {
    if (line.includes(text) && left-- > 0) throw error;
    return undefined;
  };
}

const REFUSED = new MailroomError({ code: 'refused', message: 'The server refuses it' });
const PASSING = new MailroomError({ code: 'transient', message: 'The server is busy' });

describe('the order of the writes', () => {
  it('is contact, groups to join, groups to leave, other mail, labelled messages', async () => {
    const account = anAccount({
      messages: [aMessage('label', ANN, [SCREENER, '@ToFeed']), aMessage('other', ANN, ['Jail'])],
      contacts: [ANNS],
      members: { Jail: ['u'] },
    });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1, filed: 2 } });
    expect(account.journal.writes).toEqual([
      'change u',
      'group Feed: +u',
      'group Jail: -u',
      'mail: other +Feed -Jail',
      `mail: label +Feed -${SCREENER} -@ToFeed`,
    ]);
  });

  it('puts error labels on last of all', async () => {
    const account = anAccount({
      messages: [
        aMessage('1', ANN, ['@ToFeed', '@ToJail']),
        aMessage('2', null, ['@ToFeed']),
        aMessage('3', BOB, ['@ToJail']),
      ],
    });
    await cycleOn(account);
    expect(account.journal.writes).toEqual([
      'create own-bob@example.com',
      'group Jail: +own-bob@example.com',
      'mail: 3 +Jail -@ToJail',
      `mail: 1 +${ERROR_LABEL}, 2 +${ERROR_LABEL}`,
    ]);
  });

  it('is none at all for a sender that is where it belongs, but for the label', async () => {
    const account = anAccount({
      messages: [aMessage('label', ANN, ['Feed', '@ToFeed']), aMessage('other', ANN, ['Feed'])],
      contacts: [{ ...ANNS, note: 'Mailroom 2026-01-01: Feed <ann@example.com>' }],
      members: { Feed: ['u'] },
    });
    await cycleOn(account);
    expect(account.journal.writes).toEqual(['mail: label -@ToFeed']);
  });
});

describe('a second cycle', () => {
  it('writes nothing', async () => {
    const account = anAccount({
      messages: [
        aMessage('1', ANN, ['@ToFeed', SCREENER]),
        aMessage('2', BOB, ['@ToJail', '@ToFeed']),
        aMessage('3', ANN, [SCREENER, INBOX]),
      ],
    });
    await cycleOn(account);
    const writes = account.journal.writes.length;
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 0, leftAlone: 1 } });
    expect(account.journal.writes).toHaveLength(writes);
  });
});

describe('a name that differs', () => {
  it('warns on the labelled messages, which are filed all the same', async () => {
    const account = anAccount({
      messages: [aMessage('1', 'Bank <ann@example.com>', ['@ToFeed']), aMessage('2', ANN, [SCREENER])],
      contacts: [ANNS],
    });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { warned: 1 } });
    expect(account.mail.places).toEqual({ 1: [WARNING_LABEL, 'Feed'], 2: ['Feed'] });
  });
});

describe('a dry run', () => {
  it('prints the plan and writes nothing', async () => {
    const account = anAccount({
      messages: [aMessage('1', ANN, ['@ToFeed']), aMessage('2', BOB, ['@ToFeed', '@ToJail'])],
    });
    const log = recordingLog();
    const plans: CyclePlan[] = [];
    await expect(cycleOn(account, { showPlan: (plan) => plans.push(plan), log })).resolves.toEqual({
      kind: 'planned',
      summary: 'Nothing was written: 1 to triage, 1 to object to',
    });
    expect(account.journal.writes).toEqual([]);
    expect(describePlan(plans[0] as CyclePlan, [])).toMatchObject([
      {
        text: 'Would triage ann@example.com to Feed',
        fields: { joins: ['Feed'], leaves: [], labelled: [{ messages: 1, add: ['Feed'], remove: ['@ToFeed'] }] },
      },
      { text: 'Would object to bob@example.com', fields: { reason: 'conflict', categories: ['Feed', 'Jail'] } },
    ]);
  });
});

describe('one sender’s failure', () => {
  const messages = [
    aMessage('a1', ANN, [SCREENER, '@ToFeed']),
    aMessage('a2', ANN, [SCREENER]),
    aMessage('b1', BOB, [SCREENER, '@ToFeed']),
    aMessage('b2', BOB, [SCREENER]),
  ];
  const bobIsFiled = { b1: ['Feed'], b2: ['Feed'] };

  it.each<[string, string, Error, readonly string[], readonly string[]]>([
    ['a contact that is refused', 'create own-ann', REFUSED, [ERROR_LABEL, '@ToFeed', SCREENER], [SCREENER]],
    ['a contact that fails', 'create own-ann', PASSING, ['@ToFeed', SCREENER], [SCREENER]],
    ['other mail that fails', 'mail: a2', PASSING, ['@ToFeed', SCREENER], [SCREENER]],
    ['labelled messages that fail', 'mail: a1 +Feed', PASSING, ['@ToFeed', SCREENER], ['Feed']],
  ])('does not stop the others: %s', async (_, write, error, a1, a2) => {
    const account = anAccount({ messages, trouble: failing(write, error), mail: { chunkSize: 1 } });
    const end = await cycleOn(account);
    expect(account.mail.places).toEqual({ a1: [...a1].sort(), a2, ...bobIsFiled });
    const refused = Number(error === REFUSED);
    expect(end).toMatchObject({ report: { triaged: 1, refused, failed: 1 - refused } });
  });

  it.each<[string, readonly string[], Record<string, readonly string[]>]>([
    ['the labelled message', ['a1'], { a1: ['@ToFeed', SCREENER], a2: ['Feed'] }],
    ['another message', ['a2'], { a1: ['@ToFeed', ERROR_LABEL, SCREENER], a2: [SCREENER] }],
  ])('does not stop the others: the server refuses to change %s', async (_, refused, expected) => {
    const account = anAccount({ messages, mail: { refused } });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1, refused: 1 } });
    const sorted = Object.fromEntries(Object.entries(expected).map(([id, places]) => [id, [...places].sort()]));
    expect(account.mail.places).toEqual({ ...sorted, ...bobIsFiled });
  });

  it('is told with what the server says of the message', async () => {
    const log = recordingLog();
    await cycleOn(anAccount({ messages, mail: { refused: ['a2'] } }), { log });
    expect(log.records).toContainEqual({
      level: 'error',
      message: 'The server refuses this sender; its labelled messages get the error label',
      fields: {
        sender: 'ann@example.com',
        category: 'Feed',
        error: expect.objectContaining({ code: 'refused', message: 'A message could not be filed: forbidden' }),
      },
    });
  });

  it('is finished by the next cycle, where it passes', async () => {
    const account = anAccount({ messages, trouble: failing('create own-ann', PASSING, 1) });
    await cycleOn(account);
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1 } });
    const undisturbed = anAccount({ messages });
    await cycleOn(undisturbed);
    expect(contentOf(account)).toEqual(contentOf(undisturbed));
  });

  it('is left to the user, where the server refuses: the next cycle passes over it', async () => {
    const account = anAccount({ messages, trouble: failing('create own-ann', REFUSED) });
    await cycleOn(account);
    const writes = account.journal.writes.length;
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { leftAlone: 1, triaged: 0 } });
    expect(account.journal.writes).toHaveLength(writes);
  });

  it('puts the error label on messages only that still wait', async () => {
    const account = anAccount({
      messages: [aMessage('1', ANN, ['@ToFeed']), aMessage('2', ANN, ['@ToFeed']), aMessage('b', BOB, ['@ToJail'])],
      mail: { refused: ['2'], chunkSize: 1 },
    });
    await cycleOn(account);
    expect(account.mail.places).toEqual({ 1: ['Feed'], 2: ['@ToFeed'], b: ['Jail'] });
    expect(account.journal.writes.filter((line) => line.includes(ERROR_LABEL))).toEqual([`mail: 2 +${ERROR_LABEL}`]);
  });

  it('is none when a message went away meanwhile', async () => {
    const trouble: Trouble = (line) => {
      if (line.startsWith('create')) account.mail.delete('a1');
      return undefined;
    };
    const account = anAccount({ messages: messages.slice(0, 2), trouble });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1, failed: 0, filed: 1 } });
  });
});

describe('a failure of everybody', () => {
  const messages = [aMessage('1', ANN, ['@ToFeed']), aMessage('2', BOB, ['@ToFeed'])];

  it.each([
    ['passes', PASSING, 'transient'],
    ['is for good', REFUSED, 'refused'],
  ])('that %s is a failed cycle', async (_, error, code) => {
    const account = anAccount({ messages, trouble: failing('create', error) });
    await expect(cycleOn(account)).rejects.toMatchObject({
      code,
      message: `Nothing could be triaged (2 of 2 failed): ${error.message}`,
    });
  });

  it('is that of their mail, which the server does not change now', async () => {
    const account = anAccount({ messages, trouble: failing('mail: ', PASSING) });
    await expect(cycleOn(account)).rejects.toMatchObject({
      code: 'transient',
      message: 'Nothing could be triaged (2 of 2 failed): A message could not be filed: The server is busy',
    });
  });

  it('is told with what to do about the first', async () => {
    const error = new MailroomError({ code: 'refused', message: 'The book is full', hint: 'Delete contacts' });
    const account = anAccount({ messages, trouble: failing('create', error) });
    await expect(cycleOn(account)).rejects.toMatchObject({ hint: 'Delete contacts', cause: error });
  });

  it('is that of a group which all of them join', async () => {
    const account = anAccount({ messages, trouble: failing('group Feed', PASSING) });
    await expect(cycleOn(account)).rejects.toMatchObject({ code: 'transient' });
    expect(account.mail.places).toEqual({ 1: ['@ToFeed'], 2: ['@ToFeed'] });
  });

  it('is none where there is only a conflict', async () => {
    const account = anAccount({ messages: [aMessage('1', ANN, ['@ToFeed', '@ToJail'])] });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { conflicts: 1 } });
  });

  it.each([
    ['rejected credentials', new MailroomError({ code: 'credentials', message: 'The password is wrong' })],
    ['wrong settings', new MailroomError({ code: 'settings', message: 'There is no such address' })],
    ['a defect', new TypeError('x is undefined')],
  ])('is at once that of %s, which is no sender’s', async (_, error) => {
    const account = anAccount({ messages, trouble: failing('create own-ann', error) });
    await expect(cycleOn(account)).rejects.toBe(error);
    expect(account.mail.places).toEqual({ 1: ['@ToFeed'], 2: ['@ToFeed'] });
  });
});

describe('contacts that are to be changed', () => {
  it('are told to the address book, which can read them ahead', async () => {
    const account = anAccount({
      messages: [aMessage('1', ANN, ['@ToFeed']), aMessage('2', BOB, ['@ToFeed'])],
      contacts: [ANNS],
    });
    const expectChanges = jest.fn();
    await cycleOn(account, { openBook: async () => ({ ...account.book.open(), expectChanges }) });
    expect(expectChanges.mock.calls).toEqual([[[ANNS.href]]]);
  });
});

describe('a contact that somebody else writes meanwhile', () => {
  const messages = [aMessage('1', ANN, ['@ToFeed'])];

  it('is adopted where it has just been made by another run', async () => {
    let made = false;
    const account = anAccount({
      messages,
      trouble: (line) => {
        if (line.startsWith('create') && !made) {
          made = true;
          const note = 'Mailroom 2026-03-01: Feed';
          account.book.put(
            aContact('own-ann@example.com', {
              addresses: ['Ann@Example.com', 'home@example.com'],
              formattedName: 'Ann',
              note,
            }),
          );
        }
        return undefined;
      },
    });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1, contactsCreated: 0 } });
    expect(account.book.contacts).toHaveLength(1);
    expect(account.book.contacts[0]?.note).toBe('Mailroom 2026-03-01: Feed');
    expect(account.book.members['Feed']).toEqual(['own-ann@example.com']);
  });

  it('gets another UID where the user gave Mailroom’s own another address', async () => {
    const account = anAccount({
      messages,
      contacts: [aContact('own-ann@example.com', { addresses: ['new@example.com'] })],
    });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1, contactsCreated: 1 } });
    expect(account.book.members['Feed']).toEqual(['own-ann@example.com-1']);
    expect(account.book.contacts).toMatchObject([
      { addresses: ['new@example.com'], note: '' },
      { addresses: ['ann@example.com'] },
    ]);
  });

  it('keeps Mailroom’s own UID where another run has just made it, and the user deletes that', async () => {
    let made = false;
    const account = anAccount({
      messages,
      trouble: (line) => {
        if (line.startsWith('create') && !made) {
          made = true;
          account.book.put(aContact('own-ann@example.com', { addresses: ['ann@example.com'] }));
        }
        return undefined;
      },
      book: { meanwhile: (href) => account.book.delete(href.includes('own-ann') ? href : '') },
    });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 1, contactsCreated: 1 } });
    expect(account.book.members['Feed']).toEqual(['own-ann@example.com']);
  });

  it('is made anew under Mailroom’s own UID where the user has just deleted it', async () => {
    const account = anAccount({
      messages: [...messages, aMessage('b', BOB, ['@ToFeed'])],
      contacts: [ANNS],
      book: {
        meanwhile: (href) => {
          if (href === ANNS.href) account.book.delete(href);
        },
      },
    });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 2, contactsCreated: 2 } });
    expect(account.book.members['Feed']).toEqual(['own-ann@example.com', 'own-bob@example.com']);
  });

  it('keeps what the user wrote between reading and writing', async () => {
    let meanwhile = 2;
    const account = anAccount({
      messages,
      contacts: [ANNS],
      book: {
        meanwhile: (href) => {
          if (href === ANNS.href && meanwhile-- > 0) account.book.put({ ...ANNS, note: `Called ${meanwhile}` });
        },
      },
    });
    await cycleOn(account);
    expect(account.book.contacts[0]?.note).toBe('Called 0\nMailroom 2026-03-01: Feed <ann@example.com>');
  });

  it('is tried a few times only', async () => {
    const account = anAccount({
      messages,
      trouble: (line) => {
        const uid = /^create (.*)/.exec(line)?.[1];
        if (uid !== undefined) account.book.put(aContact(uid, { addresses: ['somebody@example.com'] }));
        return undefined;
      },
    });
    await expect(cycleOn(account)).rejects.toMatchObject({
      code: 'transient',
      message: expect.stringContaining('ann@'),
    });
    expect(account.journal.writes).toHaveLength(5);
  });
});

describe('the log', () => {
  it('says of a sender from where it comes and what was written', async () => {
    const log = recordingLog();
    const account = anAccount({
      messages: [aMessage('1', ANN, ['@ToFeed']), aMessage('2', 'Robert <bob@example.com>', ['@ToFeed'])],
      contacts: [ANNS, aContact('bob', { formattedName: 'Bob', addresses: ['bob@example.com'] })],
      members: { Jail: ['u'] },
    });
    await cycleOn(account, { log });
    expect(log.records.map(({ fields }) => fields)).toEqual([
      { sender: 'ann@example.com', category: 'Feed', from: 'Jail', contact: 'changed', filed: 1 },
      {
        sender: 'bob@example.com',
        category: 'Feed',
        contact: 'changed',
        filed: 1,
        warned: true,
        cautions: ['name differs'],
      },
    ]);
  });

  it('says of a domain’s verdict who falls under it, as far as a line names them', async () => {
    const log = recordingLog();
    const addresses = Array.from({ length: 7 }, (_, index) => `c${index}@example.com`);
    const account = anAccount({
      features: ['domains'],
      messages: [aMessage('1', ANN, ['@ToFeed', WHOLE_DOMAIN])],
      contacts: addresses.map((address) => aContact(address, { addresses: [address] })),
    });
    await cycleOn(account, { log });
    expect(log.records.map(({ fields }) => fields)).toEqual([
      {
        domain: 'example.com',
        category: 'Feed',
        contact: 'created',
        filed: 1,
        contactsUnder: 7,
        under: addresses.slice(0, 5),
      },
    ]);
  });

  it('says of spam of strangers nothing of a contact', async () => {
    const log = recordingLog();
    await cycleOn(anAccount({ features: ['spam'], messages: [aMessage('1', ANN, ['@ToSpam'])] }), { log });
    expect(log.records.map(({ fields }) => fields)).toStrictEqual([{ sender: 'ann@example.com', filed: 1 }]);
  });

  it('says how many messages could not get the error label', async () => {
    const log = recordingLog();
    const messages = [aMessage('1', null, ['@ToFeed']), aMessage('2', null, ['@ToFeed'])];
    await cycleOn(anAccount({ messages, mail: { refused: ['1'] } }), { log });
    expect(log.records.at(-1)).toEqual({
      level: 'error',
      message: 'Some messages could not get the error label',
      fields: { messages: 1 },
    });
  });

  it('says of each sender how it ended', async () => {
    const log = recordingLog();
    const account = anAccount({
      messages: [
        aMessage('1', ANN, ['@ToFeed']),
        aMessage('2', BOB, ['@ToJail']),
        aMessage('3', 'cat@example.com', ['@ToFeed']),
        aMessage('4', 'dan@example.com', ['@ToFeed', '@ToJail']),
        aMessage('5', null, ['@ToFeed']),
      ],
      trouble: (line) => {
        if (line.includes('create own-bob')) throw REFUSED;
        if (line.includes('create own-cat')) throw PASSING;
        return undefined;
      },
    });
    await cycleOn(account, { log });
    expect(log.records.map(({ level, message, fields }) => [level, message.split(';')[0], fields?.['sender']])).toEqual(
      [
        ['info', 'Triaged', 'ann@example.com'],
        ['error', 'The server refuses this sender', 'bob@example.com'],
        ['warn', 'This sender has to wait for the next cycle', 'cat@example.com'],
        ['warn', 'Conflict: the sender has several triage labels', 'dan@example.com'],
        ['warn', 'A labelled message has no usable From', undefined],
      ],
    );
  });
});

describe('a conflict on two messages of which one cannot get the error label', () => {
  const messages = [aMessage('1', ANN, [SCREENER, '@ToFeed']), aMessage('2', ANN, [SCREENER, '@ToJail'])];

  it('is a conflict in the next cycle too, and is never heard by half', async () => {
    const account = anAccount({ messages, mail: { chunkSize: 1 }, trouble: failing('mail: 1', PASSING, 1) });
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 0, conflicts: 1 } });
    expect(account.mail.places).toEqual({ 1: ['@ToFeed', SCREENER], 2: ['@ToJail', SCREENER] });
    expect(account.journal.writes).toEqual([
      `mail: 1 +${ERROR_LABEL}`,
      `mail: 2 +${ERROR_LABEL}`,
      `mail: 2 -${ERROR_LABEL}`,
    ]);
    await expect(cycleOn(account)).resolves.toMatchObject({ report: { triaged: 0, conflicts: 1 } });
    expect(account.mail.places).toEqual({
      1: [ERROR_LABEL, '@ToFeed', SCREENER],
      2: [ERROR_LABEL, '@ToJail', SCREENER],
    });
    expect(account.book.contacts).toEqual([]);
  });
});
