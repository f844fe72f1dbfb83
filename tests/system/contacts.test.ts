import { runMailroom } from '../support/mailroom';
import { cycle, describeOnCyrus } from '../support/on-cyrus';
import { preparedOnce } from '../support/prepared-once';
import { screenedAccount, type TestAccount } from '../support/test-account';

const TODAY = '\\d{4}-\\d\\d-\\d\\d';

/** Content lines, unfolded (RFC 6350, section 3.2). */
function linesOf(card: string): readonly string[] {
  return card
    .replace(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .filter((line) => line !== '');
}

async function triage(account: TestAccount, from: string, label = '@ToFeed', env = {}): Promise<void> {
  await account.addMessage({ subject: `labelled ${label}`, from, mailboxes: ['Screener', label] });
  await cycle(account, env);
}

/** Stores a card and gives the text that the server then holds: it may fold, sort or add as it likes. */
async function userCard(account: TestAccount, lines: readonly string[]): Promise<{ href: string; text: string }> {
  const href = await account.putCard(`${lines.join('\r\n')}\r\n`);
  return { href, text: (await account.getCard(href)) ?? '' };
}

const ANN_LEE = [
  'BEGIN:VCARD',
  'VERSION:3.0',
  'UID:u',
  'FN:Ann Lee',
  'N:Lee;Ann;;;',
  'EMAIL:ann@sender.example',
  'END:VCARD',
];

describeOnCyrus('Contacts', (cyrus) => {
  const screened = preparedOnce(cyrus, screenedAccount);

  it('makes a company contact for a sender that no contact has', async () => {
    const account = await screened();
    await triage(account, '"News, Inc." <News@Sender.example>');
    const card = await account.contactOf('News@Sender.example');
    const lines = linesOf(card.text);
    expect(lines).toEqual(expect.arrayContaining(['VERSION:3.0', 'FN:News\\, Inc.', 'ORG:News\\, Inc.', 'N:;;;;']));
    expect(lines.some((line) => /^EMAIL(;[^:]*)?:News@Sender\.example$/.test(line))).toBe(true);
    expect(lines.some((line) => new RegExp(`^NOTE:Mailroom ${TODAY}: Feed$`).test(line))).toBe(true);
    const uid = /^UID:(.*)$/m.exec(card.text)?.[1]?.trim() ?? '';
    expect(uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect((await account.groups())['Feed']).toEqual([uid]);
  });

  it.each([
    ['Ann Marie Lee <ann@sender.example>', 'N:Lee;Ann Marie;;;'],
    ['"Lee, Ann" <ann@sender.example>', 'N:Lee;Ann;;;'],
    ['Ann <ann@sender.example>', 'N:;Ann;;;'],
  ])('makes a person contact of %s with %s and no ORG', async (from, name) => {
    const account = await screened();
    await triage(account, from, '@ToPerson');
    const lines = linesOf((await account.contactOf('ann@sender.example')).text);
    expect(lines).toContain(name);
    expect(lines.some((line) => line.startsWith('ORG'))).toBe(false);
  });

  it('names a contact after the address where there is no display name', async () => {
    const account = await screened();
    await triage(account, 'ann@sender.example');
    expect(linesOf((await account.contactOf('ann@sender.example')).text)).toContain('FN:ann@sender.example');
  });

  it.each(['3.0', '4.0'])("adopts a user's vCard %s and keeps every other byte", async (version) => {
    const account = await screened();
    const photo = Buffer.from(Array.from({ length: 900 }, (_, index) => (index * 7) % 256)).toString('base64');
    const { href, text } = await userCard(account, [
      'BEGIN:VCARD',
      `VERSION:${version}`,
      'UID:user-made',
      'PRODID:-//Somebody//Else//EN',
      'FN:Ann Lee',
      'N:Lee;Ann;;Dr.;',
      'item1.EMAIL;TYPE=home:ANN@sender.example',
      'item1.X-ABLABEL:_$!<Home>!$_',
      'item2.TEL;TYPE="cell,voice":+1 555 0100',
      'NOTE:Met in Rome\\; likes tea\\, not coffee.\\nCall on Mondays.',
      'X-CUSTOM;X-P="a:b;c,d":kept \\n as it is',
      version === '3.0' ? `PHOTO;ENCODING=b;TYPE=JPEG:${photo}` : `PHOTO:data:image/jpeg;base64,${photo}`,
      'BDAY:1980-02-03',
      'CATEGORIES:friend,rome',
      `X-LONG:${'ü€😀 '.repeat(60)}end`,
      'END:VCARD',
    ]);
    await triage(account, 'Ann Lee <ann@sender.example>');
    const after = (await account.getCard(href)) ?? '';
    const note = /^NOTE/;
    expect(linesOf(after).filter((line) => !note.test(line))).toEqual(linesOf(text).filter((line) => !note.test(line)));
    expect(linesOf(after).filter((line) => note.test(line))).toEqual([
      expect.stringMatching(
        new RegExp(
          `^NOTE:Met in Rome\\\\; likes tea\\\\, not coffee\\.\\\\nCall on Mondays\\.\\\\nMailroom ${TODAY}: Feed <ann@sender\\.example>$`,
        ),
      ),
    ]);
    expect((await account.cards()).filter(({ text: card }) => card.includes('EMAIL'))).toHaveLength(1);
    expect((await account.groups())['Feed']).toEqual(['user-made']);
  });

  it('fills in an FN that is empty', async () => {
    const account = await screened();
    const card = [
      'BEGIN:VCARD',
      'VERSION:3.0',
      'UID:nameless',
      'FN:',
      'N:;;;;',
      'EMAIL:ann@sender.example',
      'END:VCARD',
    ];
    const { href } = await userCard(account, card);
    await triage(account, 'Ann Lee <ann@sender.example>');
    const after = linesOf((await account.getCard(href)) ?? '');
    expect(after.filter((line) => line.startsWith('FN'))).toEqual(['FN:Ann Lee']);
  });

  it('keeps the history in the note: a line for each verdict, and none for the same verdict twice', async () => {
    const account = await screened();
    for (const label of ['@ToFeed', '@ToFeed', '@ToJail', '@ToPerson', '@ToImbox']) {
      await account.addMessage({ subject: label, from: 'ann@sender.example', mailboxes: ['Screener', label] });
      await cycle(account);
    }
    const note = linesOf((await account.contactOf('ann@sender.example')).text).find((line) => line.startsWith('NOTE'));
    expect(note?.replace(new RegExp(TODAY, 'g'), 'DAY')).toBe(
      'NOTE:Mailroom DAY: Feed\\nMailroom DAY: Feed → Jail\\nMailroom DAY: Jail → Person\\nMailroom DAY: Person → Imbox',
    );
  });

  it('of two contacts with one address takes both out of the old groups, and puts the first into the new one', async () => {
    const account = await screened();
    for (const uid of ['bbb', 'aaa', 'ccc']) {
      await userCard(account, [
        'BEGIN:VCARD',
        'VERSION:3.0',
        `UID:${uid}`,
        'FN:Ann',
        'N:;Ann;;;',
        `EMAIL:${uid === 'ccc' ? 'other@sender.example' : 'ann@sender.example'}`,
        'END:VCARD',
      ]);
    }
    const jail = (await account.cards()).find(({ text }) => text.includes('FN:Jail'));
    await account.deleteCard(jail?.href ?? '');
    await account.makeGroup({ name: 'Jail', members: ['aaa', 'bbb', 'ccc'] });
    await triage(account, 'Ann <ann@sender.example>');
    expect(await account.groups()).toMatchObject({ Feed: ['aaa'], Jail: ['ccc'] });
    const withAddress = (await account.cards()).filter(({ text }) => text.includes('ann@sender.example'));
    expect(withAddress).toHaveLength(2);
  });

  it('warns of a name that is not the contact’s, and files all the same', async () => {
    const account = await screened();
    await userCard(account, ANN_LEE);
    await account.addMessage({ subject: 'backlog', from: 'ann@sender.example', mailboxes: ['Screener'] });
    await triage(account, 'Your Bank <ann@sender.example>');
    expect(await account.mailboxesOf('labelled @ToFeed')).toEqual(['@MailroomWarning', 'Feed']);
    expect(await account.mailboxesOf('backlog')).toEqual(['Feed']);
  });

  it.each(['"ANN LEE" <ann@sender.example>', "'ann lee' <ann@sender.example>", 'ann@sender.example'])(
    'does not warn of %s',
    async (from) => {
      const account = await screened();
      await userCard(account, ANN_LEE);
      await triage(account, from);
      expect(await account.mailboxesOf('labelled @ToFeed')).toEqual(['Feed']);
    },
  );

  it('without warnings needs no mailbox for them and gives none', async () => {
    const account = await screened();
    await userCard(account, ANN_LEE);
    await triage(account, 'Your Bank <ann@sender.example>', '@ToFeed', {
      MAILROOM_WARNINGS_ENABLED: 'false',
      MAILROOM_LABEL_MAILROOM_WARNING: '@NotThere',
    });
    expect(await account.mailboxesOf('labelled @ToFeed')).toEqual(['Feed']);
  });

  it.each([
    ["o'brien&sons@sender.example", "o'brien&sons@sender.example"],
    ['a%20b@sender.example', 'a%20b@sender.example'],
    ['a/b=c@sender.example', 'a/b=c@sender.example'],
    ['"a,b;c"@sender.example', 'a,b;c@sender.example'],
    ['<jürgen@sender.example>', 'jürgen@sender.example'],
    [`${'l'.repeat(300)}@sender.example`, `${'l'.repeat(300)}@sender.example`],
  ])('triages the odd address %s once and for all', async (from, address) => {
    const account = await screened();
    await account.importMessage(
      Buffer.from(`From: ${from}\r\nSubject: one\r\nMessage-ID: <one@seed.example>\r\n\r\nHello.\r\n`),
      ['Screener', '@ToFeed'],
    );
    await cycle(account);
    expect(await account.mailboxesOf('one')).toEqual(['Feed']);
    await account.importMessage(
      Buffer.from(`From: ${from}\r\nSubject: two\r\nMessage-ID: <two@seed.example>\r\n\r\nHello.\r\n`),
      ['Screener', '@ToJail'],
    );
    await cycle(account);
    expect(await account.mailboxesOf('one')).toEqual(['Jail']);
    expect(await account.mailboxesOf('two')).toEqual(['Jail']);
    const groups = await account.groups();
    expect([groups['Feed']?.length, groups['Jail']?.length]).toEqual([0, 1]);
    const contacts = (await account.cards()).filter(({ text }) => /^EMAIL/m.test(text));
    expect(contacts).toHaveLength(1);
    const escaped = address.replace(/[,;]/g, (character) => `\\${character}`);
    expect(linesOf(contacts[0]?.text ?? '').find((line) => line.startsWith('EMAIL'))).toMatch(
      new RegExp(`:${literally(escaped)}$`),
    );
  });

  it.each([
    ['line breaks', 'Ann\r\nX-EVIL:1\nEND:VCARD'],
    ['vCard syntax', 'Ann;Lee,x\\y:z\\n"q"'],
    ['XML syntax', ']]></C:address-data><x a="&amp;">'],
    ['marks that turn the direction', 'Ann\u202egnp.exe'],
    ['control characters', 'A\u0000n\u0007n\u001b[31m'],
    ['1,000 characters', 'é'.repeat(1000)],
  ])('treats a display name with %s as data', async (_, name) => {
    const account = await screened();
    const words = name.match(/.{1,10}/gsu) ?? [];
    const encoded = words.map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ');
    await account.importMessage(
      Buffer.from(
        `From: ${encoded} <ann@sender.example>\r\nSubject: hostile\r\nMessage-ID: <h@seed.example>\r\n\r\nHello.\r\n`,
      ),
      ['Screener', '@ToFeed'],
    );
    const { status, stdout } = await runMailroom(['--once'], account);
    expect(status).toBe(0);
    expect(await account.mailboxesOf('hostile')).toEqual(['Feed']);
    expect(
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .every((line) => line.startsWith('{')),
    ).toBe(true);
    const card = await account.contactOf('ann@sender.example');
    const names = linesOf(card.text).map((line) => line.split(/[:;]/)[0]);
    expect(names).not.toContain('X-EVIL');
    expect(names.filter((each) => each === 'FN' || each === 'END')).toEqual(['FN', 'END']);
    const before = await account.state();
    await cycle(account);
    expect(await account.state()).toBe(before);
  });

  it('finds a sender among 300 contacts', async () => {
    const account = await screened();
    await account.addCards(
      Array.from({ length: 300 }, (_, index) =>
        [
          'BEGIN:VCARD',
          'VERSION:3.0',
          `UID:c${index}`,
          `FN:C ${index}`,
          'N:;;;;',
          `EMAIL:c${index}@sender.example`,
          'END:VCARD',
          '',
        ].join('\r\n'),
      ),
    );
    await triage(account, 'C 7 <c7@sender.example>');
    expect((await account.groups())['Feed']).toEqual(['c7']);
  });
});

function literally(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
