import { parseArgs } from 'node:util';
import { MailroomError } from './errors';

const OPTIONS = {
  once: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type OptionName = keyof typeof OPTIONS;

/** The commands of the bundle, and the options that each of them takes. `once` is what `--once` stands for. */
const COMMANDS = {
  once: ['once', 'dry-run'],
  status: ['json'],
} as const satisfies Readonly<Record<string, readonly OptionName[]>>;

type CommandName = keyof typeof COMMANDS;

/** What the command line asks for. */
export interface Arguments {
  readonly command: CommandName | 'help' | 'version';
  readonly dryRun: boolean;
  readonly json: boolean;
}

export const USAGE = `Usage: node dist/run.js --once [--dry-run]
       node dist/run.js COMMAND [OPTIONS]

  --once            run one cycle: triage every sender whose messages carry a triage label
  --dry-run         print what the cycle would write, and write nothing

Commands:
  status [--json]   how the last cycles in the cluster went

  --help, --version

Settings come from the environment (MAILROOM_…) and from .env in the current folder; the README has the table.`;

/** Reads the command line, without the names of Node.js and the script. Throws `usage`. */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  const given = (Object.keys(values) as OptionName[]).filter((name) => values[name] === true);
  const command = given.includes('help')
    ? 'help'
    : given.includes('version')
      ? 'version'
      : commandOf(given, positionals);
  return { command, dryRun: given.includes('dry-run'), json: given.includes('json') };
}

function commandOf(given: readonly OptionName[], [word, ...rest]: readonly string[]): CommandName {
  const command = word ?? (given.includes('once') || given.includes('dry-run') ? 'once' : undefined);
  if (command === undefined) throw usage('There is no command');
  if (!isCommand(command) || word === 'once') throw usage(`There is no command ${JSON.stringify(command)}`);
  if (rest.length > 0) throw usage(`${JSON.stringify(rest.join(' '))} is too much`);
  const allowed: readonly string[] = COMMANDS[command];
  const strange = given.filter((name) => !allowed.includes(name));
  if (strange.length > 0) throw usage(`${word ?? '--once'} does not take --${strange.join(', --')}`);
  return command;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's own sentence, without its advice on how to pass such a thing all the same.
    throw usage((error as Error).message.split('. ')[0] ?? '');
  }
}

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(COMMANDS, word);
}

function usage(message: string): MailroomError {
  return new MailroomError({ code: 'usage', message, hint: `${USAGE.split('\n')[0]}; --help says more` });
}
