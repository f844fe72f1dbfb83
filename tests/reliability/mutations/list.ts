/** A change of the sources that breaks a promise. */
export interface Mutation {
  /** What is promised no more. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file once. */
  readonly find: string;
  readonly replace: string;
  /** The suites of which one must fail. */
  readonly suites: readonly string[];
  /** Tests of theirs, by their names, where all of them would take long. */
  readonly tests?: string;
}

const FAULTS = 'tests/reliability/faults.test.ts';
const LIVES = 'tests/reliability/lives/lives.test.ts';
const USER = 'tests/reliability/user-at-work.test.ts';
const CARDS = 'tests/reliability/inputs/cards.test.ts';

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'the label goes before the groups',
    file: 'src/cycle/apply.ts',
    find: '  await applyGroups(work, book);\n',
    replace: '  await applyMail(work, ({ plan: { labelled } }) => labelled, mail);\n  await applyGroups(work, book);\n',
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'the label goes before the other mail',
    file: 'src/cycle/apply.ts',
    find: '  await applyMail(work, ({ plan: { backlog } }) => backlog, mail);\n',
    replace:
      '  await applyMail(work, ({ plan: { labelled } }) => labelled, mail);\n  await applyMail(work, ({ plan: { backlog } }) => backlog, mail);\n',
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'a sender leaves before it has joined',
    file: 'src/cycle/apply-groups.ts',
    find: 'leaves.every(({ verdict }) => verdict.joinsLeft === 0)',
    replace: 'leaves.length >= 0',
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'whoever could not join is filed all the same',
    file: 'src/cycle/verdict-work.ts',
    find: 'started && failure === null',
    replace: 'started || failure === null',
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'cards are written without If-Match',
    file: 'src/contacts/stored-cards.ts',
    find: 'updateObject({ url: url.href, etag, data,',
    replace: "updateObject({ url: url.href, etag: '*', data,",
    suites: [USER],
  },
  {
    name: 'contacts are made without If-None-Match',
    file: 'src/contacts/stored-cards.ts',
    find: "{ 'If-None-Match': '*', 'Content-Type': VCARD }",
    replace: "{ 'Content-Type': VCARD }",
    suites: ['tests/contract/contacts.contract.test.ts', 'tests/contacts/write-cards.test.ts'],
  },
  {
    name: 'own contacts have random UIDs',
    file: 'src/contacts/own-uid.ts',
    find: 'return v5(attempt === 0',
    replace: 'return v5(NAMESPACE !== null ? String(Math.random()) : attempt === 0',
    suites: [LIVES],
  },
  {
    name: 'mailboxes are replaced instead of patched',
    file: 'src/mail/updates.ts',
    find: '    ...add.map((mailbox) => [pathOf(mailbox), true] as const),\n',
    replace: "    ['mailboxIds', Object.fromEntries(add.map((mailbox) => [mailbox, true]))] as const,\n",
    suites: [USER, FAULTS],
    tests: 'a cycle|user',
  },
  {
    name: 'mail is taken out of one mailbox before it is put into another',
    file: 'src/mail/updates.ts',
    find: '    ...add.map((mailbox) => [pathOf(mailbox), true] as const),\n',
    replace: '',
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'what the user moves while a cycle runs is moved on',
    file: 'src/triage/revision.ts',
    find: 'const add = holds ? missing : [];',
    replace: 'const add = missing;',
    suites: [USER],
  },
  {
    name: 'a sender whose verdict is taken back stays in its groups',
    file: 'src/cycle/apply-groups.ts',
    find: 'for (const { group, uid } of verdict.standing.leaves)',
    replace: 'for (const { group, uid } of verdict.standing.joins.length === 0 ? [] : verdict.standing.leaves)',
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'addresses are not compared exactly: what a search finds is believed to be the sender’s',
    file: 'src/triage/plan-mail.ts',
    find: '.find((one) => found.has(one));',
    replace: '.find((one) => found.has(one)) ?? [...found.keys()][0];',
    suites: ['tests/triage/plan.test.ts'],
  },
  {
    name: 'look-alikes of an address are taken for it',
    file: 'src/triage/address.ts',
    find: 'return lower.toUpperCase() === character ? lower : character;',
    replace: 'return lower;',
    suites: ['tests/triage/address.test.ts'],
  },
  {
    name: 'mail of the last days that the index does not know is not swept',
    file: 'src/cycle/read-judged.ts',
    find: '    { inMailboxes: managed, since: recently(now) },\n',
    replace: '',
    suites: ['tests/cycle/read.test.ts'],
  },
  {
    name: 'mail that lies elsewhere only is filed as well',
    file: 'src/triage/filing.ts',
    find: 'if (!ours || unheard || isLeftAlone(message, places)) return null;',
    replace: 'if (unheard || isLeftAlone(message, places)) return null;',
    suites: ['tests/triage/filing.test.ts'],
  },
  {
    name: 'a message that waits for the user is heard',
    file: 'src/triage/places.ts',
    find: 'return message.mailboxIds.includes(places.errorLabel) && decisionsOn(message, places).length > 0;',
    replace: 'return false;',
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'a verdict on a domain wins over that on its sender',
    file: 'src/triage/subject.ts',
    find: 'senderSubject(sender),\n    domainSubject(sender),',
    replace: 'domainSubject(sender),\n    senderSubject(sender),',
    suites: ['tests/triage/ruling.test.ts'],
  },
  {
    name: 'a contact goes with one verdict though another one on its address needs it',
    file: 'src/cycle/apply-releases.ts',
    find: '(now: Contact) => isUnneeded(now, facts)',
    replace: '(_: Contact) => true',
    suites: ['tests/cycle/subjects.test.ts'],
  },
  {
    name: 'the backlog of one verdict takes off the label by which another one is asked for',
    file: 'src/triage/plan-mail.ts',
    find: 'mail.filter(({ id }) => !labelledIds.has(id))',
    replace: 'mail',
    suites: ['tests/triage/plan-subjects.test.ts'],
  },
  {
    name: 'of two verdicts the newer one counts',
    file: 'src/triage/judge.ts',
    find: 'if (decisions.length > 1) return',
    replace: 'if (decisions.length > 99) return',
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'a conflict may be marked by half',
    file: 'src/cycle/apply.ts',
    find: 'ids.filter((id) => !unmarked.has(id))',
    replace: 'ids.filter(() => false)',
    suites: ['tests/cycle/apply.test.ts'],
  },
  {
    name: 'a verdict that comes while a cycle runs is dropped with the one that it heard',
    file: 'src/triage/filing.ts',
    find: '    remove: message.mailboxIds.filter((id) => leaves(id) && !target.has(id)),',
    replace:
      '    remove: [...new Set([...message.mailboxIds, ...places.labels.keys()])].filter((id) => leaves(id) && !target.has(id)),',
    suites: [USER],
  },
  {
    name: 'a note is written anew instead of gaining a line',
    file: 'src/contacts/contact-card.ts',
    find: 'const after = note === target ? [...kept, ...fresh] : kept;',
    replace: 'const after = note === target && fresh.length > 0 ? fresh : kept;',
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'lines behind the one that changes are lost',
    file: 'src/contacts/card.ts',
    find: '    return [...before, ...(kept ? [kept] : []), ...after];',
    replace: "    return line.name === 'X-SPOUSE' ? [] : [...before, ...(kept ? [kept] : []), ...after];",
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'a text can open a new line in a card',
    file: 'src/contacts/text-value.ts',
    find: "return text.replace(/[\\\\,;]/g, '\\\\$&').replace(/\\n/g, '\\\\n');",
    replace: "return text.replace(/[\\\\,;]/g, '\\\\$&');",
    suites: [CARDS],
  },
  {
    name: 'a message that could not be filed counts as filed',
    file: 'src/cycle/apply-mail.ts',
    find: "if (outcome?.kind === 'updated')",
    replace: "if (outcome?.kind !== 'gone')",
    suites: ['tests/cycle/apply.test.ts'],
  },
  {
    name: 'a lost answer to a write is taken for success',
    file: 'src/mail/updates.ts',
    find: "const outcome = { kind: 'failed', reason: error.message } as const;",
    replace: "const outcome = { kind: 'updated' } as const;",
    suites: [FAULTS, 'tests/mail/updates.test.ts'],
  },
  {
    name: 'a web page in the server’s place is taken for a stored card',
    file: 'src/contacts/stored-cards.ts',
    find: "headers.get('content-type')?.startsWith('text/html')",
    replace: 'false',
    suites: ['tests/contacts/write-cards.test.ts'],
  },
  {
    name: 'a reset clears notes before all mail is back',
    file: 'src/commands/reset/apply-reset.ts',
    find: '  const { returned, left } = await returnMail(plan, context, failures);\n',
    replace:
      '  await freeContacts(plan, [], context, failures);\n  const { returned, left } = await returnMail(plan, context, failures);\n',
    suites: [FAULTS],
    tests: 'a reset',
  },
  {
    name: 'a reset deletes contacts that the user has changed',
    file: 'src/triage/reset.ts',
    find: 'return pristine && lines.length === historyLines(note).length;',
    replace: 'return lines.length === historyLines(note).length;',
    suites: [FAULTS, LIVES],
    tests: 'a reset|random lives',
  },
  {
    name: 'a reset takes one line of history and leaves the others',
    file: 'src/triage/reset.ts',
    find: '    dropNoteLines: lines,\n',
    replace: '    dropNoteLines: lines.slice(0, 1),\n',
    suites: [LIVES],
    tests: 'random lives',
  },
  {
    name: 'a reset leaves mail of the user’s own contacts where it was filed',
    file: 'src/triage/reset.ts',
    find: 'const back = contacts.length > 0 &&',
    replace: 'const back = contacts.some(({ pristine }) => pristine) &&',
    suites: [LIVES],
    tests: 'random lives',
  },
  {
    name: 'the verdict on a domain wins over that on its sender',
    file: 'src/triage/subject.ts',
    find: '    senderSubject(sender),\n    domainSubject(sender),\n',
    replace: '    domainSubject(sender),\n    senderSubject(sender),\n',
    suites: [FAULTS, LIVES],
    tests: 'a cycle|random lives',
  },
  {
    name: 'a verdict may be on a public domain',
    file: 'src/triage/judge.ts',
    find: "    if (isPublic(domain)) return 'public domain';\n",
    replace: "    if (isPublic('')) return 'public domain';\n",
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'addresses of lists are not compared exactly',
    file: 'src/triage/subject.ts',
    find: "[...lists].map((address): Subject => ({ kind: 'list', address })),",
    replace: "[...lists].map((address): Subject => ({ kind: 'list', address: address.replace('my-', '') })),",
    suites: [FAULTS],
    tests: 'a cycle',
  },
  {
    name: 'a domain is all that ends in it',
    file: 'src/triage/address.ts',
    find: "  return address.slice(address.lastIndexOf('@') + 1);",
    replace: "  return address.slice(address.lastIndexOf('@') + 1).split('.').slice(-2).join('.');",
    suites: [FAULTS],
    tests: 'a cycle',
  },
];
