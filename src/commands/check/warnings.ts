import type { Settings } from '../../config';
import { judgedKinds, mailboxNamed, neededGroups, neededMailboxes } from '../../cycle/locate';
import type { AddressBook, Mail } from '../../ports';
import type { GroupSummary } from '../../triage/contact';
import { SUBJECT_KINDS, type SubjectKind } from '../../triage/subject';
import { untellableCategories } from '../../triage/tellable';
import { cardWarnings } from './card-warnings';
import { type Finding, fault, listed, warning } from './finding';
import { loneModifiers } from './lone-modifiers';
import { tornWarnings } from './torn-warnings';

/** Groups that Fastmail keeps for itself, by UID or name: nobody makes rules for them. */
const FASTMAIL_GROUPS: readonly string[] = ['vips', 'Autosaved'];

/** What stops no cycle and still looks wrong. */
export async function findWarnings(
  settings: Settings,
  mail: Mail | undefined,
  book: AddressBook | undefined,
): Promise<readonly Finding[]> {
  // Where the mailboxes are not known nobody's group is called out of reach.
  const kinds = mail === undefined ? SUBJECT_KINDS : judgedKinds(settings, mail.mailboxes);
  return [
    ...settingsWarnings(settings, kinds),
    ...(mail === undefined ? [] : [...mailWarnings(settings, mail), ...(await loneModifiers(settings, mail))]),
    ...(book === undefined ? [] : groupWarnings(settings, kinds, book.groups)),
    ...(book === undefined ? [] : await memberWarnings(settings, kinds, book)),
  ];
}

function settingsWarnings({ categories }: Settings, kinds: readonly SubjectKind[]): readonly Finding[] {
  return kinds.flatMap((kind) =>
    untellableCategories(categories, kind).map(({ category, like }) =>
      warning(
        'rules',
        `No rule can tell ${kind}s in ${category} from those in ${like}, with whom they share a group: their new mail is filed as ${like}`,
        `Give ${category} a group of its own`,
      ),
    ),
  );
}

function mailWarnings(settings: Settings, { mailboxes }: Mail): readonly Finding[] {
  const spam = settings.featureLabels.spam;
  const hasSpam = spam !== null && typeof mailboxNamed(spam, mailboxes) === 'object';
  const errorLabel = mailboxNamed(settings.errorLabel, mailboxes);
  const stuck = typeof errorLabel === 'object' ? errorLabel.totalEmails : 0;
  const hidden = neededMailboxes(settings).filter((name) => {
    const found = mailboxNamed(name, mailboxes);
    return typeof found === 'object' && !found.isSubscribed;
  });
  return [
    ...(stuck === 0
      ? []
      : [
          warning(
            'error-label',
            `${stuck} ${stuck === 1 ? 'message carries' : 'messages carry'} the label ${settings.errorLabel} and ${stuck === 1 ? 'is' : 'are'} left alone`,
            'Leave one triage label on each sender and take the error label off; the log says what was wrong',
          ),
        ]),
    ...(!hasSpam || mailboxes.some(({ role }) => role === 'junk')
      ? []
      : [
          warning(
            'junk',
            `The label ${spam} is there, but no mailbox has the role junk: what it is put on gets the error label`,
            'Make a mailbox for spam in the mail client, or delete the label',
          ),
        ]),
    ...(hidden.length === 0
      ? []
      : [
          warning(
            'subscriptions',
            `Mail clients may hide ${listed(hidden)}, to which the account is not subscribed`,
            'Subscribe to them in the mail client',
          ),
        ]),
  ];
}

/** Names of the contact groups of the user's own that no rule reaches, each once. */
export function groupsOutOfReach(
  settings: Settings,
  kinds: readonly SubjectKind[],
  groups: readonly GroupSummary[],
): readonly string[] {
  const managed = neededGroups(settings, kinds);
  const beyond = groups.filter(
    ({ name, uid }) => ![name, uid].some((id) => FASTMAIL_GROUPS.includes(id)) && !managed.includes(name),
  );
  return [...new Set(beyond.map(({ name }) => name))];
}

function groupWarnings(
  settings: Settings,
  kinds: readonly SubjectKind[],
  groups: readonly GroupSummary[],
): readonly Finding[] {
  const names = groups.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  const beyond = groupsOutOfReach(settings, kinds, groups);
  return [
    ...[...twice].map((name) =>
      warning(
        'group-names',
        `Several contact groups are called ${JSON.stringify(name)}`,
        'Move the members into one of them and delete the others: rules may mean either',
      ),
    ),
    ...(beyond.length === 0
      ? []
      : [
          warning(
            'group-reach',
            `No rule reaches the ${beyond.length === 1 ? 'contact group' : 'contact groups'} ${listed(beyond)}: mail of members without a verdict stays in the Inbox`,
            'If that is not what you want, give those senders a verdict',
          ),
        ]),
  ];
}

/** The managed groups, their members, and all cards are read for this. */
async function memberWarnings(
  settings: Settings,
  kinds: readonly SubjectKind[],
  book: AddressBook,
): Promise<readonly Finding[]> {
  const managed = neededGroups(settings, kinds);
  try {
    const groups = await book.readGroups(
      book.groups.filter(({ name }) => managed.includes(name)).map(({ href }) => href),
    );
    return [
      ...(await tornWarnings(groups, kinds, settings, book)),
      ...(await cardWarnings(groups, kinds, settings, book)),
    ];
  } catch (error) {
    return [fault('groups', error)];
  }
}
