import { cleanEnv, EnvMissingError, makeValidator } from 'envalid';
import { MailroomError } from './errors';
import { faultsOf, overlappingGroups, readCategories } from './triage/categories';
import type { Category } from './triage/category';
import { FEATURE_OF, type FeatureLabels, featureFaults, featureLabels } from './triage/features';
import { defaultGroup } from './triage/subject';

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

export interface Settings {
  readonly jmapToken: string;
  readonly jmapSessionUrl: string;
  readonly cardDavUsername: string;
  readonly cardDavPassword: string;
  readonly cardDavUrl: string;
  /** Seconds between scheduled cycles. */
  readonly pollInterval: number;
  readonly logLevel: LogLevel;
  readonly categories: readonly Category[];
  readonly screenerMailbox: string;
  /** Where the Screener's letter is put. */
  readonly letterMailbox: string;
  readonly errorLabel: string;
  readonly warningLabel: string;
  readonly warningsEnabled: boolean;
  /** What the mail server calls itself in `Authentication-Results`; none of these headers is believed without. */
  readonly authservIds: readonly string[];
  readonly featureLabels: FeatureLabels;
  /** True where cycles also file what slipped past the mail server's rules. */
  readonly sweep: boolean;
  readonly failureThreshold: number;
  readonly stateConfigMap: string;
  /** Where a watchdog hears of each cycle. A secret: whoever knows it can speak for Mailroom. */
  readonly pingUrl?: string | undefined;
}

/** Environment variables, or the content of a `.env` file. */
export type Environment = Readonly<Record<string, string | undefined>>;

export type ParseList = (text: string) => unknown;

const LOG_LEVELS: ReadonlyMap<string, LogLevel> = new Map([
  ['error', 'error'],
  ['warning', 'warn'],
  ['warn', 'warn'],
  ['info', 'info'],
  ['debug', 'debug'],
]);

/**
 * Settings out of the environment; what is not set there may come from `dotEnv`. An empty string is not set.
 * Throws `settings` with every fault at once; no message repeats the value of a secret.
 *
 * @param parseList reads the text of MAILROOM_CATEGORIES, or throws what is wrong with it. Handed over, so that the YAML
 *   parser is evaluated only where that is set; JSON alone without it
 */
export function readSettings(
  environment: Environment,
  dotEnv: Environment = {},
  parseList: ParseList = JSON.parse,
): Settings {
  const faulty = new Map<string, string>();
  // Spread: what envalid returns throws when one reads a variable that did not validate.
  const values = {
    ...cleanEnv({ ...withoutEmpty(dotEnv), ...withoutEmpty(environment) }, specsWith(parseList), {
      reporter: ({ errors }) => {
        for (const [name, error] of Object.entries(errors)) {
          faulty.set(name, error instanceof EnvMissingError ? 'is not set' : (error?.message ?? 'is not valid'));
        }
      },
    }),
  };
  const faults = [...faulty].map(([name, fault]) => `${name} ${fault}`);
  const reserved = {
    screener: values.MAILROOM_SCREENER_MAILBOX,
    errorLabel: values.MAILROOM_LABEL_MAILROOM_ERROR,
    warningLabel: values.MAILROOM_LABEL_MAILROOM_WARNING,
  };
  const own = values.MAILROOM_CATEGORIES;
  const categories = own?.categories ?? defaultCategories(values);
  const ownLabels = {
    domains: values.MAILROOM_LABEL_WHOLE_DOMAIN,
    lists: values.MAILROOM_LABEL_WHOLE_LIST,
    undo: values.MAILROOM_LABEL_TO_SCREENER,
    spam: values.MAILROOM_LABEL_TO_SPAM,
  };
  // Who has named neither the label nor the groups has asked for nothing: an update is no fault of theirs.
  const overlaps = overlappingGroups(categories);
  const chosen = overlaps.filter(({ kind, byDefault }) => !byDefault || ownLabels[FEATURE_OF[kind]] !== undefined);
  const taken = ['Inbox', ...Object.values(reserved), ...categories.flatMap(({ label, mailbox }) => [label, mailbox])];
  // Names are held against each other only where each of them is known.
  if (![...faulty.keys()].some((name) => /_(LABEL|GROUP|SCREENER|CATEGORIES)(_|$)/.test(name))) {
    const subject = own === undefined ? 'The triage settings' : 'MAILROOM_CATEGORIES';
    const contradictions = [
      ...(own?.faults ?? []),
      ...faultsOf(categories, reserved),
      ...chosen.map(({ fault }) => fault),
      ...featureFaults(ownLabels, taken),
    ];
    faults.push(...contradictions.map((fault) => `${subject}: ${fault}`));
  }
  if (faults.length > 0) {
    throw new MailroomError({
      code: 'settings',
      message: `The settings do not work: ${faults.join('; ')}`,
      hint: 'Set them in the environment or in .env; the README has the table of all settings',
    });
  }
  return Object.freeze({
    jmapToken: values.MAILROOM_JMAP_TOKEN,
    jmapSessionUrl: values.MAILROOM_JMAP_SESSION_URL,
    cardDavUsername: values.MAILROOM_CARDDAV_USERNAME,
    cardDavPassword: values.MAILROOM_CARDDAV_PASSWORD,
    cardDavUrl: values.MAILROOM_CARDDAV_URL,
    pollInterval: values.MAILROOM_POLL_INTERVAL,
    logLevel: values.MAILROOM_LOG_LEVEL,
    categories,
    screenerMailbox: reserved.screener,
    letterMailbox: values.MAILROOM_LETTER_MAILBOX,
    errorLabel: reserved.errorLabel,
    warningLabel: reserved.warningLabel,
    warningsEnabled: values.MAILROOM_WARNINGS_ENABLED,
    authservIds: values.MAILROOM_AUTHSERV_ID?.split(/[\s,]+/).filter((id) => id !== '') ?? [],
    featureLabels: featureLabels(
      ownLabels,
      taken,
      overlaps.map(({ kind }) => FEATURE_OF[kind]),
    ),
    sweep: values.MAILROOM_SWEEP,
    failureThreshold: values.MAILROOM_FAILURE_THRESHOLD,
    stateConfigMap: values.MAILROOM_STATE_CONFIGMAP,
    pingUrl: values.MAILROOM_PING_URL,
  });
}

/** `MAILROOM_PING_URL` alone, for settings that do not work: undefined where it does not work either. */
export function pingUrlOf(environment: Environment): string | undefined {
  try {
    return secureHref(environment['MAILROOM_PING_URL'] ?? '');
  } catch {
    return undefined;
  }
}

function withoutEmpty(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
}

const text = makeValidator<string>((value) => {
  const trimmed = value.trim();
  if (trimmed === '' || /\p{Cc}/u.test(trimmed)) throw new Error('must be a text of one line that is not empty');
  return trimmed.normalize('NFC');
});

/** Never repeated in a message. Space around it is none of it: Secrets made from files end with a line break. */
const secret = makeValidator<string>((value) => {
  const trimmed = value.trim();
  if (trimmed === '') throw new Error('is nothing but space');
  if (/[^\x20-\x7e]/.test(trimmed)) {
    throw new Error('has a character that no token or password has (a line break, say); copy it again');
  }
  return trimmed;
});

const secureUrl = makeValidator<string>(secureHref);

function secureHref(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url?.hostname ?? '');
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))) {
    throw new Error('must be an https:// URL (plain http:// only for this machine itself, such as 127.0.0.1)');
  }
  if (url.username !== '' || url.password !== '') throw new Error('must not hold a user name or password');
  return url.href;
}

const positive = makeValidator<number>((value) => {
  if (!/^[1-9]\d{0,8}$/.test(value.trim())) throw new Error('must be a whole number above 0');
  return Number(value);
});

const bool = makeValidator<boolean>((value) => {
  const lower = value.trim().toLowerCase();
  if (lower !== 'true' && lower !== 'false') throw new Error('must be true or false');
  return lower === 'true';
});

const logLevel = makeValidator<LogLevel>((value) => {
  const level = LOG_LEVELS.get(value.trim().toLowerCase());
  if (level === undefined) throw new Error('must be error, warning, info or debug');
  return level;
});

function categoryList(parseList: ParseList) {
  const parse = (value: string): unknown => {
    try {
      return parseList(value);
    } catch (error) {
      const [firstLine] = String((error as Error).message).split('\n');
      throw new Error(`must be a list in YAML or JSON: ${firstLine}`);
    }
  };
  return makeValidator<ReturnType<typeof readCategories>>((value) => readCategories(parse(value)));
}

const SPECS = {
  MAILROOM_JMAP_TOKEN: secret(),
  MAILROOM_CARDDAV_USERNAME: text(),
  MAILROOM_CARDDAV_PASSWORD: secret(),
  MAILROOM_JMAP_SESSION_URL: secureUrl({ default: 'https://api.fastmail.com/jmap/session' }),
  MAILROOM_CARDDAV_URL: secureUrl({ default: 'https://carddav.fastmail.com/' }),
  MAILROOM_POLL_INTERVAL: positive({ default: 300 }),
  MAILROOM_LOG_LEVEL: logLevel({ default: 'info' }),
  MAILROOM_LABEL_TO_IMBOX: text({ default: '@ToImbox' }),
  MAILROOM_LABEL_TO_FEED: text({ default: '@ToFeed' }),
  MAILROOM_LABEL_TO_PAPER_TRAIL: text({ default: '@ToPaperTrail' }),
  MAILROOM_LABEL_TO_JAIL: text({ default: '@ToJail' }),
  MAILROOM_LABEL_TO_PERSON: text({ default: '@ToPerson' }),
  MAILROOM_LABEL_WHOLE_DOMAIN: text({ default: undefined }),
  MAILROOM_LABEL_WHOLE_LIST: text({ default: undefined }),
  MAILROOM_LABEL_TO_SCREENER: text({ default: undefined }),
  MAILROOM_LABEL_TO_SPAM: text({ default: undefined }),
  MAILROOM_LABEL_MAILROOM_ERROR: text({ default: '@MailroomError' }),
  MAILROOM_LABEL_MAILROOM_WARNING: text({ default: '@MailroomWarning' }),
  MAILROOM_WARNINGS_ENABLED: bool({ default: true }),
  MAILROOM_AUTHSERV_ID: text({ default: undefined }),
  MAILROOM_SWEEP: bool({ default: true }),
  MAILROOM_SCREENER_MAILBOX: text({ default: 'Screener' }),
  MAILROOM_LETTER_MAILBOX: text({ default: 'Inbox' }),
  MAILROOM_GROUP_IMBOX: text({ default: 'Imbox' }),
  MAILROOM_GROUP_FEED: text({ default: 'Feed' }),
  MAILROOM_GROUP_PAPER_TRAIL: text({ default: 'Paper Trail' }),
  MAILROOM_GROUP_JAIL: text({ default: 'Jail' }),
  MAILROOM_FAILURE_THRESHOLD: positive({ default: 10 }),
  MAILROOM_STATE_CONFIGMAP: text({ default: 'mailroom-state' }),
  MAILROOM_PING_URL: secureUrl({ default: undefined }),
};

/** The variables that are settings. */
export const SETTING_NAMES: readonly string[] = [...Object.keys(SPECS), 'MAILROOM_CATEGORIES'];

function specsWith(parseList: ParseList) {
  return { ...SPECS, MAILROOM_CATEGORIES: categoryList(parseList)({ default: undefined }) };
}

type Names = 'IMBOX' | 'FEED' | 'PAPER_TRAIL' | 'JAIL';
type DefaultNames = Readonly<Record<`MAILROOM_LABEL_TO_${Names | 'PERSON'}` | `MAILROOM_GROUP_${Names}`, string>>;

function defaultCategories(names: DefaultNames): readonly Category[] {
  const category = (name: string, own: Pick<Category, 'label' | 'group'> & Partial<Category>): Category => ({
    name,
    domainGroup: defaultGroup(own.group, 'domain'),
    listGroup: defaultGroup(own.group, 'list'),
    mailbox: name,
    contactType: 'company',
    addToInbox: false,
    ...own,
  });
  return [
    category('Imbox', {
      label: names.MAILROOM_LABEL_TO_IMBOX,
      group: names.MAILROOM_GROUP_IMBOX,
      mailbox: 'Inbox',
    }),
    category('Feed', { label: names.MAILROOM_LABEL_TO_FEED, group: names.MAILROOM_GROUP_FEED }),
    category('Paper Trail', { label: names.MAILROOM_LABEL_TO_PAPER_TRAIL, group: names.MAILROOM_GROUP_PAPER_TRAIL }),
    category('Jail', { label: names.MAILROOM_LABEL_TO_JAIL, group: names.MAILROOM_GROUP_JAIL }),
    category('Person', {
      label: names.MAILROOM_LABEL_TO_PERSON,
      group: names.MAILROOM_GROUP_IMBOX,
      mailbox: 'Inbox',
      contactType: 'person',
      parent: 'Imbox',
    }),
  ];
}
