import fc from 'fast-check';
import { readSettings } from '../../../src/config';
import { openAddressBook } from '../../../src/contacts/open-address-book';
import { MailroomError } from '../../../src/errors';
import type { HttpClient } from '../../../src/http/client';
import { openMail } from '../../../src/mail/open-mail';
import { cleanName, namesDiffer, personName } from '../../../src/triage/display-name';
import { judge } from '../../../src/triage/judge';
import { addressesOf, senderOf } from '../../../src/triage/sender';
import { parseYaml } from '../../../src/yaml';
import { DEFAULTS, placesOf } from '../../support/builders';
import { type EmbeddedServer, startEmbedded } from '../../support/embedded/server';
import type { TestAccount } from '../../support/test-account';
import { livedInAccount } from '../lived-in';
import { memoryClient } from '../memory';
import { card, damaged, spoiled, text } from './arbitraries';
import { inputs, inputsOf, onlyMailroomErrors, onlyMailroomErrorsFrom } from './holding';

const REQUIRED = {
  MAILROOM_JMAP_TOKEN: 'token',
  MAILROOM_CARDDAV_USERNAME: 'me',
  MAILROOM_CARDDAV_PASSWORD: 'password',
};

/** The answer to the first search for an address, after those of discovery and the list of groups. */
const LOOKUP = 5;

const toJson = (value: unknown): string => JSON.stringify(value) ?? '';

describe('what servers answer', () => {
  let server: EmbeddedServer;
  let account: TestAccount;

  beforeAll(async () => {
    server = await startEmbedded();
    account = await livedInAccount(server, async () => undefined);
  });
  afterAll(() => server.stop());

  /** A client whose answers are changed on their way. */
  function changing(url: string, change: (body: string, number: number) => string): HttpClient {
    const { username, password } = account.account;
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    let number = 0;
    return memoryClient(url, basic, async (request) => {
      const answer = await server.answer(request);
      return { ...answer, body: change(answer.body ?? '', number++) };
    });
  }

  /** A client whose answer of that number is another one. */
  const answering = (url: string, place: number, other: string): HttpClient =>
    changing(url, (body, number) => (number === place ? other : body));

  /** Bodies of all answers that the work gets. */
  async function bodiesOf(url: string, work: (http: HttpClient) => Promise<void>): Promise<readonly string[]> {
    const bodies: string[] = [];
    await work(
      changing(url, (body) => {
        bodies.push(body);
        return body;
      }),
    );
    return bodies;
  }

  it('by JMAP is read or is an error with a name, whatever of it is spoiled', async () => {
    const { sessionUrl } = account.account;
    const bodies = await bodiesOf(sessionUrl, readMail);
    const broken = fc
      .nat({ max: bodies.length - 1 })
      .chain((place) => fc.tuple(fc.constant(place), spoiled(JSON.parse(bodies[place] as string)).map(toJson)));
    await inputsOf('JMAP answers', broken, async ([place, body]) => {
      await onlyMailroomErrorsFrom(() => readMail(answering(sessionUrl, place, body)));
    });
  });

  it('by CardDAV is read or is an error with a name, whatever of it is damaged', async () => {
    const { carddavUrl } = account.account;
    const bodies = await bodiesOf(carddavUrl, readBook);
    const places = bodies.flatMap((body, place) => (body === '' ? [] : [place]));
    const broken = fc
      .constantFrom(...places)
      .chain((place) => fc.tuple(fc.constant(place), damaged(fc.constant(bodies[place] as string))));
    await inputsOf('multistatus answers', broken, async ([place, body]) => {
      await onlyMailroomErrorsFrom(() => readBook(answering(carddavUrl, place, body)));
    });
  });

  it('as a card in a multistatus is read whole, however strange it is', async () => {
    const { carddavUrl, bookUrl } = account.account;
    await inputsOf('cards in a multistatus', damaged(card), async (vcard) => {
      const data = `<![CDATA[${vcard.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
      const body = `<D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:response><D:href>${new URL(bookUrl).pathname}x.vcf</D:href><D:propstat><D:prop><D:getetag>"1"</D:getetag><C:address-data>${data}</C:address-data></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response></D:multistatus>`;
      await onlyMailroomErrorsFrom(() => readBook(answering(carddavUrl, LOOKUP, body)));
    });
  });

  async function readMail(http: HttpClient): Promise<void> {
    const mail = await openMail({ sessionUrl: account.account.sessionUrl, http });
    const inMailboxes = mail.mailboxes.slice(0, 3).map(({ id }) => id);
    const messages = [];
    for await (const page of mail.messages([{ inMailboxes }])) messages.push(...page);
    await mail.update(messages.slice(0, 2).map(({ id }) => ({ id, add: ['x'], remove: [], whileIn: [] })));
  }

  async function readBook(http: HttpClient): Promise<void> {
    const { carddavUrl: url, username } = account.account;
    const book = await openAddressBook({ url, username, http });
    await book.findByAddress(['ann@own.example', 'vera@own.example']);
    await book.readGroups(book.groups.map(({ href }) => href));
  }
});

describe('a From', () => {
  const from = fc.option(fc.array(fc.record({ name: fc.option(text), email: text }), { maxLength: 3 }));
  const places = placesOf(DEFAULTS);

  it('of any kind gives one sender or none, and never somebody else', () => {
    inputs('From headers', from, (addresses) => {
      const message = { id: '1', mailboxIds: ['@ToFeed'], from: addresses, receivedAt: '2026-01-01T00:00:00Z' };
      const sender = senderOf(message);
      if (sender !== null) expect(addressesOf(message)).toEqual([sender]);
      const { verdicts, objections } = judge([message], places);
      expect(verdicts.length + objections.length).toBe(1);
      expect(verdicts.map((verdict) => verdict.subject.address)).toEqual(sender === null ? [] : [sender]);
    });
  });

  it('has a name that is clean, and cleaning it again changes nothing', () => {
    inputs('display names', text, (name) => {
      const clean = cleanName(name);
      if (clean === null) return;
      expect(clean).not.toMatch(/[\p{Cc}\r\n]/u);
      expect(namesDiffer(clean, name)).toBe(false);
      expect(Object.values(personName(clean)).join('').length).toBeLessThanOrEqual(clean.length);
    });
  });
});

describe('categories', () => {
  const field = fc.constantFrom('name', 'label', 'group', 'mailbox', 'contactType', 'parent', 'addToInbox', 'colour');
  const scalar = fc.oneof(
    text,
    fc.boolean(),
    fc.integer(),
    fc.constantFrom('Feed', 'Jail', 'Inbox', 'company', '@ToFeed'),
  );
  const item = fc.oneof(scalar, fc.dictionary(field, scalar), fc.jsonValue({ maxDepth: 2 }));
  const yaml = fc.oneof(
    fc.array(item, { maxLength: 4 }).map((items) => JSON.stringify(items)),
    damaged(fc.array(item, { maxLength: 4 }).map((items) => JSON.stringify(items, null, 2))),
    damaged(
      fc.constant('- name: Feed\n  addToInbox: true\n- {name: News, parent: Feed}\n- &a Jail\n- *a\n- !!str x\n'),
    ),
  );

  it('of any kind are settings or a fault that names them', () => {
    inputs('categories', yaml, (written) => {
      onlyMailroomErrors(() => readSettings({ ...REQUIRED, MAILROOM_CATEGORIES: written }, {}, parseYaml));
    });
  });

  it('that work are the same when they are written down and read again', () => {
    inputs('categories that work', fc.uniqueArray(text, { minLength: 1, maxLength: 4 }), (names) => {
      const read = (list: unknown) =>
        readSettings({ ...REQUIRED, MAILROOM_CATEGORIES: JSON.stringify(list) }, {}, parseYaml).categories;
      try {
        const once = read(names);
        expect(read(once)).toEqual(once);
      } catch (error) {
        if (!(error instanceof MailroomError)) throw error;
      }
    });
  });
});
