import { COMMAND_NAMES, formOf, GLOBAL_OPTIONS } from '../../arguments/commands';
import type { CommandForm, OptionForm } from '../../arguments/form';

export type Shell = 'bash' | 'zsh' | 'fish';

/** The script that completes the program's commands and options in a shell, one line after the other. */
export function completionScript(shell: Shell): readonly string[] {
  return SCRIPTS[shell]();
}

const SCRIPTS: Readonly<Record<Shell, () => readonly string[]>> = { bash, zsh, fish };

/** Commands that are words; `--once` is an option to shells. */
const COMMANDS: readonly (readonly [name: string, form: CommandForm])[] = COMMAND_NAMES.filter(
  (name) => name !== 'once',
).map((name) => [name, formOf(name)]);

/** What may stand where no command does. */
const WITHOUT_COMMAND: Readonly<Record<string, OptionForm>> = { ...formOf('once').options, ...GLOBAL_OPTIONS };

/** The words of which one may follow a command. */
function choicesOf(name: string, { word }: CommandForm): readonly string[] {
  return name === 'help' ? COMMANDS.map(([command]) => command) : (word?.choices ?? []);
}

function optionsOf({ options }: CommandForm): Readonly<Record<string, OptionForm>> {
  return { ...options, help: GLOBAL_OPTIONS.help };
}

function bash(): readonly string[] {
  const names = (options: Readonly<Record<string, OptionForm>>) => Object.keys(options).map((name) => `--${name}`);
  const words = (...some: (readonly string[])[]): string => `words=${quoted(some.flat().join(' '))} ;;`;
  return [
    '_mailroom() {',
    '  local command= word words=',
    `  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do`,
    '    case $word in -*) ;; *) command=$word; break ;; esac',
    '  done',
    '  case $command in',
    `    '') ${words(
      COMMANDS.map(([name]) => name),
      names(WITHOUT_COMMAND),
    )}`,
    ...COMMANDS.map(([name, form]) => `    ${name}) ${words(choicesOf(name, form), names(optionsOf(form)))}`),
    '  esac',
    `  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))`,
    '}',
    'complete -F _mailroom mailroom',
  ];
}

function zsh(): readonly string[] {
  const specs = (options: Readonly<Record<string, OptionForm>>): readonly string[] =>
    Object.entries(options).map(([name, { text, value }]) =>
      quoted(`--${name}${value === undefined ? '' : '='}[${text}]${value === undefined ? '' : `:${value}:`}`),
    );
  const wordSpec = (name: string, form: CommandForm): readonly string[] =>
    form.word === undefined ? [] : [quoted(`1:${form.word.name}:(${choicesOf(name, form).join(' ')})`)];
  return [
    '#compdef mailroom',
    '_mailroom() {',
    '  local curcontext=$curcontext state line',
    '  local -a commands=(',
    ...COMMANDS.map(([name, { summary }]) => `    ${quoted(`${name}:${summary}`)}`),
    '  )',
    `  _arguments -C ${specs(WITHOUT_COMMAND).join(' ')} '1:command:->command' '*::argument:->argument'`,
    '  case $state in',
    '    command) _describe command commands ;;',
    '    argument)',
    '      case $line[1] in',
    ...COMMANDS.map(
      ([name, form]) =>
        `        ${name}) _arguments ${[...specs(optionsOf(form)), ...wordSpec(name, form)].join(' ')} ;;`,
    ),
    '      esac ;;',
    '  esac',
    '}',
    // In a folder of fpath the file is the function; elsewhere it is read as a script.
    'if [[ $funcstack[1] = _mailroom ]]; then _mailroom "$@"; else compdef _mailroom mailroom; fi',
  ];
}

function fish(): readonly string[] {
  const without = `not __fish_seen_subcommand_from ${COMMANDS.map(([name]) => name).join(' ')}`;
  const lines = (condition: string, options: Readonly<Record<string, OptionForm>>): readonly string[] =>
    Object.entries(options).map(
      ([name, { text, value }]) =>
        `complete -c mailroom -n ${quoted(condition)} -l ${name}${value === undefined ? '' : ' -x'} -d ${quoted(text)}`,
    );
  return [
    'complete -c mailroom -f',
    ...COMMANDS.map(
      ([name, { summary }]) => `complete -c mailroom -n ${quoted(without)} -a ${name} -d ${quoted(summary)}`,
    ),
    ...lines(without, WITHOUT_COMMAND),
    ...COMMANDS.flatMap(([name, form]) => {
      const condition = `__fish_seen_subcommand_from ${name}`;
      const choices = choicesOf(name, form);
      return [
        ...lines(condition, optionsOf(form)),
        ...(choices.length === 0
          ? []
          : [`complete -c mailroom -n ${quoted(condition)} -a ${quoted(choices.join(' '))}`]),
      ];
    }),
  ];
}

/** A word of a shell, whatever it holds. The texts hold no quote: a script for one shell may not suit another. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", '’')}'`;
}
