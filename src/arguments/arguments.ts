import { parseArgs } from 'node:util';
import { MailroomError } from '../errors';
import { nearest } from '../nearest';
import { PROGRAM } from '../program';
import { COMMAND_NAMES, type CommandName, formOf, GLOBAL_OPTIONS, isCommand, SHORT_OPTIONS, typed } from './commands';
import type { CommandForm, OptionForm } from './form';

/** What the command line asks for. */
export interface Arguments {
  readonly command: CommandName;
  readonly options: ReadonlySet<string>;
  /** Of the options that take one. */
  readonly values: ReadonlyMap<string, string>;
  /** What follows the command. */
  readonly words: readonly string[];
}

/** Reads the command line, without the names of Node.js and the script. Throws `usage`. */
export async function parseArguments(args: readonly string[]): Promise<Arguments> {
  // An address may begin like an option: `-h7@h.example`. No option of ours has an @ before its value.
  const isAddress = (word: string): boolean => /^-[^=]*@/.test(word);
  const addresses = args.filter(isAddress);
  const others = args.filter((word) => !isAddress(word));
  const [first] = others.filter((word) => !word.startsWith('-'));
  const command = first === undefined ? withoutWord(others) : await commandNamed(first);
  const refuse = (message: string): MailroomError => usage(message, command);
  const { options, values, words } = await parse(others, command, refuse);
  const following = [...(first === undefined ? words : words.slice(1)), ...addresses];
  const given = { options, values, words: following };
  if (options.has('help') && command !== 'help') return { ...given, command: 'help', words: command ? [command] : [] };
  if (options.has('version')) return { ...given, command: 'version', words: [] };
  if (command === undefined) throw usage('There is no command');
  checkTogether(command, options, refuse);
  checkWords(command, following, refuse);
  return { ...given, command };
}

/** The error for words and options that make no sense of a command. */
export function usageError(command: CommandName, message: string): MailroomError {
  return usage(message, command);
}

/** The command of a word that names one. Throws `usage` with the nearest. */
export async function commandNamed(word: string): Promise<CommandName> {
  if (isCommand(word) && word !== 'once') return word;
  const near = await nearest(word, COMMAND_NAMES);
  const better = near !== undefined && isCommand(near) ? `; did you mean ${typed(near)}?` : '';
  throw usage(`There is no command ${JSON.stringify(word)}${better}`);
}

/** `--once` is a command without a word. */
function withoutWord(args: readonly string[]): CommandName | undefined {
  return args.some((arg) => /^--(once|dry-run)(=|$)/.test(arg)) ? 'once' : undefined;
}

type Refuse = (message: string) => MailroomError;

async function parse(args: readonly string[], command: CommandName | undefined, refuse: Refuse) {
  const known: Readonly<Record<string, OptionForm>> = { ...(command && formOf(command).options), ...GLOBAL_OPTIONS };
  const { tokens, values, positionals } = parseArgs({
    args: [...args],
    options: Object.fromEntries(Object.entries(known).map(([name, form]) => [name, parsing(name, form)])),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    const form = Object.hasOwn(known, name) ? known[name] : undefined;
    if (form === undefined) throw refuse(await unknownOption(rawName, command, Object.keys(known)));
    if (form.value === undefined && value !== undefined) throw refuse(`${rawName} takes no value`);
    if (form.value !== undefined && !value) throw refuse(`${rawName} needs a value, ${form.value}: ${form.text}`);
  }
  const texts = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { options: new Set(Object.keys(values)), values: new Map(texts), words: positionals };
}

function parsing(name: string, { value }: OptionForm) {
  const [short] = Object.entries(SHORT_OPTIONS).flatMap(([letter, long]) => (long === name ? letter : []));
  return { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short && { short }) };
}

async function unknownOption(
  rawName: string,
  command: CommandName | undefined,
  known: readonly string[],
): Promise<string> {
  const name = rawName.replace(/^-+/, '');
  const elsewhere = COMMAND_NAMES.some((one) => Object.hasOwn(formOf(one).options, name));
  if (command !== undefined && elsewhere) return `${typed(command)} does not take ${rawName}`;
  const near = await nearest(name, known);
  return `There is no option ${rawName}${near === undefined ? '' : `; did you mean --${near}?`}`;
}

function checkTogether(command: CommandName, options: ReadonlySet<string>, refuse: Refuse): void {
  const { together }: CommandForm = formOf(command);
  if (together === undefined) return;
  if (together.some((set) => [...options].every((name) => set.includes(name)))) return;
  throw refuse(`--${[...options].join(' and --')} do not go together`);
}

function checkWords(command: CommandName, words: readonly string[], refuse: Refuse): void {
  const { word }: CommandForm = formOf(command);
  const [first, ...more] = words;
  const surplus = word === undefined ? words : more;
  if (surplus.length > 0) throw refuse(`${JSON.stringify(surplus.join(' '))} is too much`);
  if (word === undefined) return;
  if (first === undefined) {
    if (word.optional) return;
    throw refuse(`${typed(command)} needs ${word.text}`);
  }
  if (word.choices !== undefined && !word.choices.includes(first)) {
    throw refuse(`${JSON.stringify(first)} is not ${word.text}`);
  }
}

function usage(message: string, command: CommandName = 'once'): MailroomError {
  const hint = `Usage: ${PROGRAM} ${formOf(command).usage.join(' | ')}; --help says more`;
  return new MailroomError({ code: 'usage', message, hint });
}
