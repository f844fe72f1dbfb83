import type { MailServer } from '../support/account';
import { describeOnMailServers } from '../support/on-servers';
import { openAccount, type TestAccount } from '../support/test-account';
import { jmap } from '../support/wire';

describeOnMailServers('From headers', (server: () => MailServer) => {
  let user: TestAccount;

  beforeEach(async () => {
    user = await openAccount(await server().addUser());
    await user.makeMailboxes(['Screener']);
  });

  it.each([
    ['Ann <ann@x.example>', [{ name: 'Ann', email: 'ann@x.example' }]],
    ['ann@x.example', [{ name: null, email: 'ann@x.example' }]],
    ['"Bob, \\"the\\" Builder" <bob@x.example>', [{ name: 'Bob, "the" Builder', email: 'bob@x.example' }]],
    ['=?utf-8?q?J=C3=B6?= <jo@x.example>', [{ name: 'Jö', email: 'jo@x.example' }]],
    ['=?utf-8?b?4oCu?= <rtl@x.example>', [{ name: '\u202e', email: 'rtl@x.example' }]],
    ['=?utf-8?q?a=0Ab=0D=0Ac?= <nl@x.example>', [{ name: 'a\nb\r\nc', email: 'nl@x.example' }]],
    ['Jö <jo@x.example>', [{ name: 'Jö', email: 'jo@x.example' }]],
    ["<o'brien&sons@x.example>", [{ name: null, email: "o'brien&sons@x.example" }]],
    ['<ann%20b@x.example>', [{ name: null, email: 'ann%20b@x.example' }]],
    ['"a b"@x.example', [{ name: null, email: 'a b@x.example' }]],
    [
      'Team: a@x.example, b@x.example;',
      [
        { name: null, email: 'a@x.example' },
        { name: null, email: 'b@x.example' },
      ],
    ],
    [' , ann@x.example', [{ name: null, email: 'ann@x.example' }]],
    ['Ann <not an address>', [{ name: 'Ann', email: 'not an address' }]],
    ['undisclosed', []],
    ['<>', []],
    ['', null],
  ])('are read: %j', async (from, addresses) => {
    const id = await user.addMessage({ from, mailboxes: ['Screener'] });
    const { answers } = await jmap(user.account, ['Email/get', { ids: [id], properties: ['from'] }]);
    expect(answers[0]?.[1].list?.[0]?.from).toEqual(addresses);
  });

  it('may be missing', async () => {
    await user.importMessage(Buffer.from('Subject: From nobody\r\n\r\nHello.\r\n'), ['Screener']);
    expect(await user.messages()).toMatchObject([{ subject: 'From nobody', from: null }]);
  });
});
