import type { AddressBook } from '../../src/ports';
import { aCategory, aContact, aListMessage, aMessage, WHOLE_DOMAIN, WHOLE_LIST } from '../support/builders';
import { type AccountSpec, anAccount, cycleOn, planOn, settingsWith } from '../support/fake-cycle';

/** A known contact in the Imbox, for whom others may want to be taken. */
const EVE = aContact('eve', { formattedName: 'Eve', addresses: ['eve@firm.example'] });
const POSER = 'Eve <pay@firn.example>';

/** The kinds of the cautions of the one who is judged by a message with the labels, and what was asked for to find them. */
async function cautions(labels: readonly string[], from = POSER, spec: Partial<AccountSpec> = {}) {
  const account = anAccount({
    features: ['domains', 'lists', 'undo', 'spam'],
    messages: [aListMessage('1', from, labels)],
    contacts: [EVE],
    members: { Imbox: ['eve'] },
    ...spec,
  });
  const book = account.book.open();
  const findSimilar = jest.fn<ReturnType<AddressBook['findSimilar']>, Parameters<AddressBook['findSimilar']>>(
    book.findSimilar,
  );
  const [verdict] = (await planOn(account, { openBook: async () => ({ ...book, findSimilar }) })).verdicts;
  return {
    kinds: verdict?.cautions.map(({ kind }) => kind),
    asked: findSimilar.mock.calls.map(([{ names }]) => names),
  };
}

describe('cautions about who is let in', () => {
  const ALL = ['known name', 'look-alike domain'];

  it.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['a sender', ['@ToImbox'], ALL, ['Eve']],
    ['a person', ['@ToPerson'], ALL, ['Eve']],
    ['all of a domain, whatever its senders are called', ['@ToImbox', WHOLE_DOMAIN], ['look-alike domain'], []],
  ])('are looked for where that is %s', async (_, labels, kinds, names) => {
    expect(await cautions(labels)).toEqual({ kinds, asked: [names] });
  });

  it.each([
    ['a list', ['@ToImbox', WHOLE_LIST]],
    ['for Feed', ['@ToFeed']],
    ['whose verdict is taken back', ['@ToScreener']],
    ['taken for spam', ['@ToSpam']],
  ])('are none for who is %s, without a request', async (_, labels) => {
    expect(await cautions(labels)).toEqual({ kinds: [], asked: [] });
  });

  it('are none where warnings are off, without a request', async () => {
    const settings = settingsWith(undefined, { MAILROOM_WARNINGS_ENABLED: 'false' });
    expect(await cautions(['@ToImbox'], POSER, { settings })).toEqual({ kinds: [], asked: [] });
  });

  it('are looked for by the settings: whose mail comes into the Inbox', async () => {
    const settings = settingsWith([aCategory('Imbox', { mailbox: 'Inbox' }), aCategory('Firm', { parent: 'Imbox' })]);
    expect(await cautions(['@ToFirm'], POSER, { settings })).toMatchObject({ kinds: ALL });
  });
});

describe('what the mail server says of a message', () => {
  const STRANGER = 'stranger@elsewhere.example';

  it.each([
    ['is believed where the settings have its name', 'mx.example', { '1': ['mx.example; dmarc=fail'] }, ['dmarc=fail']],
    ['is believed of labelled messages alone', 'mx.example', { '2': ['mx.example; dmarc=fail'] }, []],
    ['is not believed of others', 'mx.example', { '1': ['mx.other; dmarc=fail'] }, []],
    ['is not asked for without a name', '', { '1': ['mx.example; dmarc=fail'] }, []],
  ])('%s', async (_, MAILROOM_AUTHSERV_ID, results, kinds) => {
    const messages = [aMessage('1', STRANGER, ['@ToImbox']), aMessage('2', STRANGER, ['Screener'])];
    const account = anAccount({ messages, settings: settingsWith(undefined, { MAILROOM_AUTHSERV_ID }) });
    const mail = account.mail.open();
    const authenticationResults = jest.fn(async () => new Map(Object.entries<readonly string[]>(results)));
    const [verdict] = (await planOn(account, { openMail: async () => ({ ...mail, authenticationResults }) })).verdicts;
    expect(verdict?.cautions.map(({ kind }) => kind)).toEqual(kinds);
    expect(authenticationResults.mock.calls).toEqual(MAILROOM_AUTHSERV_ID === '' ? [] : [[['1']]]);
  });

  it('counts, and puts the warning label on the message', async () => {
    const settings = settingsWith(undefined, { MAILROOM_AUTHSERV_ID: 'mx.example' });
    const account = anAccount({ settings, messages: [aMessage('1', STRANGER, ['@ToImbox'])] });
    const authenticationResults = async () => new Map([['1', ['mx.example; dmarc=fail']]]);
    const openMail = async () => ({ ...account.mail.open(), authenticationResults });
    await expect(cycleOn(account, { openMail })).resolves.toMatchObject({ report: { warned: 1 } });
    expect(account.mail.places).toEqual({ 1: ['@MailroomWarning', 'Inbox'] });
  });
});
