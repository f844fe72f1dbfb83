import type { CommandForm, OptionForm } from './form';

const JSON_OPTION: OptionForm = { text: 'print JSON, for programs' };

/**
 * The commands. One entry is all that parsing, help, completion and the nearest name for a mistyped one go by; what
 * starts a command is in `src/run.ts`. `once` is what `--once` stands for.
 */
export const COMMANDS = {
  once: {
    usage: ['--once [--dry-run] [--json]'],
    summary: 'run one cycle: triage every sender whose messages carry a triage label',
    about: [
      'Runs one cycle and ends. It triages the senders of all messages that carry a triage label: contact, groups, the whole backlog, and the label comes off.',
      'A terminal shows the plan and the summary in words. Anywhere else, and with --json, each line is a JSON object.',
    ],
    options: {
      once: { text: 'run one cycle; may be left out beside --dry-run' },
      'dry-run': { text: 'print what the cycle would write, and write nothing' },
      json: { text: 'print JSON lines on a terminal too' },
    },
    examples: [
      ['--once --dry-run', 'the plan, sender by sender'],
      ['--once', 'a cycle'],
    ],
    exits: [
      [0, 'the cycle is done, or its failure was counted (in the cluster, below the threshold); also after SIGTERM'],
      [1, 'in the cluster: the failure that reached the threshold'],
      [75, 'the cycle failed: try again'],
    ],
  },
  setup: {
    usage: ['setup [--apply [--with LIST]] [--json]', 'setup --rules', 'setup --sieve'],
    summary: 'what the account needs, and the rules that route later mail',
    about: [
      'Shows every mailbox, triage label and contact group that the settings name, what of them is missing, and the rules that route the mail of senders with a verdict. With --apply it makes what is missing. It may be repeated: what is there stays as it is.',
    ],
    options: {
      apply: { text: 'make what is missing' },
      with: {
        text: 'beside --apply: of what is optional, make domains, lists, undo, spam (with commas between them) or all',
        value: 'LIST',
      },
      rules: { text: 'print the rules as Fastmail imports them' },
      sieve: { text: 'print the rules as a Sieve script for Cyrus' },
      json: JSON_OPTION,
    },
    together: [['apply', 'with', 'json'], ['rules'], ['sieve']],
    examples: [
      ['setup', 'look, and write nothing'],
      ['setup --apply', 'make what is missing'],
      ['setup --apply --with undo,spam', 'make the optional labels too'],
      ['setup --rules > mailrules.json', 'the rules, to be imported on Fastmail'],
    ],
    exits: [
      [0, 'shown; with --apply: everything is there'],
      [75, 'a server failed, or refused something; the rest was made: run it again'],
    ],
  },
  check: {
    usage: ['check [--json]'],
    summary: 'everything that can stop a cycle, and the way out',
    about: [
      'Looks at the settings, both servers, both credentials, the rights to write, every mailbox and group, and in a cluster at what the pod may do there. It writes nothing.',
    ],
    options: { json: JSON_OPTION },
    examples: [['check', 'look at all of it']],
    exits: [
      [0, 'nothing stops a cycle; there may be warnings'],
      [75, 'what would stop a cycle may pass by itself: try again later'],
      [78, 'something would stop a cycle until somebody changes it'],
    ],
  },
  queue: {
    usage: ['queue [--count] [--json]'],
    summary: 'who waits in the Screener',
    about: [
      'Lists the senders whose mail waits in the Screener, whoever wrote last first: the address, the name that the sender gives itself, how many messages, and the newest subject. It only reads.',
    ],
    options: { count: { text: 'print the number of waiting senders alone' }, json: JSON_OPTION },
    examples: [
      ['queue', 'who waits'],
      ['queue --count', 'how many wait'],
    ],
    exits: [
      [0, 'shown'],
      [75, 'a server failed: try again'],
    ],
  },
  letter: {
    usage: ['letter [--send]'],
    summary: 'a letter in the mailbox: who waits, and what needs a person',
    about: [
      'Prints the letter of the Screener: who waits, with what is odd about whom, the last verdicts, messages with the error label, and what needs a person. With --send it is put into the mailbox (MAILROOM_LETTER_MAILBOX) in place of the one before. Nothing leaves the account. Where there is nothing to tell there is no letter, and one that says the same as the one before is not written.',
    ],
    options: { send: { text: 'put it into the mailbox, and take the one before away' } },
    examples: [
      ['letter', 'read it here, and write nothing'],
      ['letter --send', 'put it into the mailbox'],
    ],
    exits: [
      [0, 'shown, or put into the mailbox, or there is nothing to do'],
      [75, 'a server failed, or refused something: try again'],
    ],
  },
  explain: {
    usage: ['explain ADDRESS [--json]'],
    summary: 'what is known of a sender or a domain, where its mail lies, and what the next cycle would do',
    about: [
      'Tells everything about one sender: its contacts and their groups, which verdict holds and why, the verdicts so far, where its mail lies, where new mail goes, and what the next cycle would do. Of a domain it tells the same, and who falls under its verdict; of where a mailing list is posted to, also what holds for its mail. It only reads.',
    ],
    options: { json: JSON_OPTION },
    word: {
      name: 'ADDRESS',
      text: 'the address of a sender, such as ann@sender.example, or a domain, such as sender.example',
    },
    examples: [
      ['explain ann@sender.example', 'all about this sender'],
      ['explain sender.example', 'all about this domain'],
    ],
    exits: [
      [0, 'shown'],
      [75, 'a server failed: try again'],
    ],
  },
  history: {
    usage: ['history [ADDRESS] [--count N] [--json]'],
    summary: 'the verdicts so far, the newest first',
    about: [
      'Lists the verdicts that the notes of contacts tell of: when, who, and from which category to which. What was taken back has left the notes. It only reads.',
    ],
    options: { count: { text: 'show that many of the newest', value: 'N' }, json: JSON_OPTION },
    word: { name: 'ADDRESS', text: 'the address of a sender, such as ann@sender.example', optional: true },
    examples: [
      ['history --count 20', 'the last twenty verdicts'],
      ['history ann@sender.example', 'the verdicts on this sender'],
    ],
    exits: [
      [0, 'shown'],
      [75, 'a server failed: try again'],
    ],
  },
  reset: {
    usage: ['reset [--apply [--yes]] [--json]'],
    summary: 'take back what Mailroom did',
    about: [
      'Shows what can be taken back: mail to the Screener, groups emptied, contacts and notes as they were, and names the rules that a person has to take out. With --apply it does so, after a question on a terminal or with --yes. Stop the cycles first.',
    ],
    options: {
      apply: { text: 'take it back, after a question' },
      yes: { text: 'with --apply: do not ask' },
      json: JSON_OPTION,
    },
    examples: [
      ['reset', 'look, and write nothing'],
      ['reset --apply', 'take it back, after a question'],
    ],
    exits: [
      [0, 'shown, or done'],
      [1, 'the question was answered with anything but yes: nothing was written'],
      [75, 'a server failed or refused something, or a signal came while it wrote: run it again, it goes on'],
      [130, 'Ctrl-C at the question: nothing was written'],
    ],
  },
  status: {
    usage: ['status [--json]'],
    summary: 'how the last cycles in the cluster went',
    about: ['Tells what the cluster has counted. It answers in a pod of the CronJob only.'],
    options: { json: JSON_OPTION },
    examples: [['status', 'when a cycle last succeeded, and what failed since']],
    exits: [
      [0, 'cycles succeed'],
      [1, 'the last success is longer ago than two poll intervals'],
      [75, 'the cluster failed: try again'],
    ],
  },
  completion: {
    usage: ['completion SHELL'],
    summary: 'a script that lets a shell complete commands and options',
    about: [
      'Prints a script for the shell. It completes for a program called mailroom: `npm link` in the checkout makes one.',
    ],
    options: {},
    word: { name: 'SHELL', text: 'the shell: bash, zsh or fish', choices: ['bash', 'zsh', 'fish'] },
    examples: [
      ['completion bash >> ~/.bash_completion', 'for bash, with its bash-completion'],
      ['completion zsh > ~/.zsh/completions/_mailroom', 'for zsh, where fpath has this folder'],
      ['completion fish > ~/.config/fish/completions/mailroom.fish', 'for fish'],
    ],
    exits: [[0, 'printed']],
  },
  help: {
    usage: ['help [COMMAND]', 'COMMAND --help'],
    summary: 'how to use Mailroom, or one of its commands',
    about: ['Prints the list of commands, or the page of one of them.'],
    options: {},
    word: { name: 'COMMAND', text: 'a command', optional: true },
    examples: [['help setup', 'the page of setup']],
    exits: [[0, 'printed']],
  },
  version: {
    usage: ['version'],
    summary: 'which version this is',
    about: ['Prints the version. --version and -V do the same.'],
    options: {},
    examples: [['version', 'which version this is']],
    exits: [[0, 'printed']],
  },
} as const satisfies Readonly<Record<string, CommandForm>>;

export type CommandName = keyof typeof COMMANDS;

/** What the command line asks for without a command. */
export const GLOBAL_OPTIONS = {
  help: { text: 'the page of a command, or the list of all' },
  version: { text: 'which version this is' },
} as const satisfies Readonly<Record<string, OptionForm>>;

/** Letters for options. */
export const SHORT_OPTIONS = { h: 'help', V: 'version' } as const satisfies Readonly<
  Record<string, keyof typeof GLOBAL_OPTIONS>
>;

export const COMMAND_NAMES = Object.keys(COMMANDS) as readonly CommandName[];

export function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

export function formOf(command: CommandName): CommandForm {
  return COMMANDS[command];
}

/** A command as it is typed. */
export function typed(command: CommandName): string {
  return command === 'once' ? '--once' : command;
}
