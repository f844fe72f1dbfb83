import { parseArgs } from 'node:util';
import { MailroomError } from './errors';

const OPTIONS = {
  once: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  apply: { type: 'boolean' },
  yes: { type: 'boolean' },
  count: { type: 'boolean' },
  rules: { type: 'boolean' },
  sieve: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type OptionName = keyof typeof OPTIONS;

interface CommandForm {
  /** What stands after the script's name. */
  readonly usage: string;
  readonly summary: string;
  /** Options that may stand together. */
  readonly options: readonly (readonly OptionName[])[];
  /** How many words follow the command; none unless told. */
  readonly words?: number;
}

/** The commands of the bundle. `once` is what `--once` stands for. */
const COMMANDS = {
  once: {
    usage: '--once [--dry-run]',
    summary: 'run one cycle: triage every sender whose messages carry a triage label',
    options: [['once', 'dry-run']],
  },
  setup: {
    usage: 'setup [--apply] [--json] | setup --rules | setup --sieve',
    summary: 'what the account needs, and the rules that route mail; --apply makes what is missing',
    options: [['apply', 'json'], ['rules'], ['sieve']],
  },
  check: {
    usage: 'check [--json]',
    summary: 'everything that can stop a cycle, and the way out',
    options: [['json']],
  },
  queue: {
    usage: 'queue [--count] [--json]',
    summary: 'who waits in the Screener',
    options: [['count', 'json']],
  },
  explain: {
    usage: 'explain ADDRESS [--json]',
    summary: 'what is known of a sender, where its mail lies, and what the next cycle would do',
    options: [['json']],
    words: 1,
  },
  reset: {
    usage: 'reset [--apply [--yes]] [--json]',
    summary: 'take back what Mailroom did; --apply writes, after a question on a terminal or with --yes',
    options: [['apply', 'yes', 'json']],
  },
  status: {
    usage: 'status [--json]',
    summary: 'how the last cycles in the cluster went',
    options: [['json']],
  },
} as const satisfies Readonly<Record<string, CommandForm>>;

type CommandName = keyof typeof COMMANDS;

/** What the command line asks for. */
export interface Arguments {
  readonly command: CommandName | 'help' | 'version';
  readonly options: ReadonlySet<OptionName>;
  /** What follows the command. */
  readonly words: readonly string[];
}

const SCRIPT = 'node dist/run.js';

export const USAGE = `Usage: ${SCRIPT} --once [--dry-run]
       ${SCRIPT} COMMAND [OPTIONS]

${Object.values(COMMANDS)
  .map(({ usage, summary }) => `  ${usage}\n      ${summary}`)
  .join('\n')}

  --dry-run prints what a cycle would write, and writes nothing
  --json    prints for programs
  --help, --version

Settings come from the environment (MAILROOM_…) and from .env in the current folder; the README has the table.`;

/** Reads the command line, without the names of Node.js and the script. Throws `usage`. */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const options = new Set((Object.keys(values) as OptionName[]).filter((name) => values[name] === true));
  if (options.has('help')) return { command: 'help', options, words: [] };
  if (options.has('version')) return { command: 'version', options, words: [] };
  const [word, ...words] = positionals;
  const command = commandOf(options, word);
  const form: CommandForm = COMMANDS[command];
  const refuse = (message: string) => usage(message, form);
  const needed = form.words ?? 0;
  if (words.length > needed) throw refuse(`${JSON.stringify(words.slice(needed).join(' '))} is too much`);
  if (words.length < needed) throw refuse(`${command} needs more`);
  const known = new Set(form.options.flat());
  const strange = [...options].filter((name) => !known.has(name));
  if (strange.length > 0) throw refuse(`${word ?? '--once'} does not take --${strange.join(', --')}`);
  if (!form.options.some((together) => [...options].every((name) => together.includes(name)))) {
    throw refuse(`--${[...options].join(' and --')} do not go together`);
  }
  return { command, options, words };
}

function commandOf(options: ReadonlySet<OptionName>, word: string | undefined): CommandName {
  const command = word ?? (options.has('once') || options.has('dry-run') ? 'once' : undefined);
  if (command === undefined) throw usage('There is no command');
  if (!isCommand(command) || word === 'once') throw usage(`There is no command ${JSON.stringify(command)}`);
  return command;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's own sentence, without its advice on how to pass such a thing all the same.
    const message = (error as Error).message.split('. ')[0] ?? '';
    const [command] = args.filter((word) => !word.startsWith('-'));
    throw usage(message, command !== undefined && isCommand(command) ? COMMANDS[command] : undefined);
  }
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

/** The error for words and options that make no sense of a command. */
export function usageError(command: CommandName, message: string): MailroomError {
  return usage(message, COMMANDS[command]);
}

function usage(message: string, form: CommandForm = COMMANDS.once): MailroomError {
  return new MailroomError({ code: 'usage', message, hint: `Usage: ${SCRIPT} ${form.usage}; --help says more` });
}
