import {
  COMMAND_NAMES,
  type CommandName,
  formOf,
  GLOBAL_OPTIONS,
  SHORT_OPTIONS,
  typed,
} from '../../arguments/commands';
import type { OptionForm } from '../../arguments/form';
import { EXIT } from '../../errors';
import { PROGRAM } from '../../program';
import { sentence, type Titled, titled } from '../../screen/lines';
import type { Screen } from '../../screen/screen';

/** Exit statuses that every command may have. */
const COMMON_EXITS = [
  [EXIT.usage, 'the command line makes no sense'],
  [EXIT.output, 'the output could not be written'],
  [EXIT.configuration, 'somebody has to change something: settings, credentials, a missing mailbox or group'],
] as const;

/** The list of commands. */
export function overview(screen: Screen): readonly string[] {
  const { style } = screen;
  return [
    ...sentence(
      'Mailroom gives Fastmail the screener of HEY: one label on one message sorts a sender for good.',
      screen,
    ),
    '',
    style.title('Usage'),
    `  ${PROGRAM} --once [--dry-run]`,
    `  ${PROGRAM} COMMAND [OPTIONS]`,
    '',
    style.title('Commands'),
    ...indented(
      COMMAND_NAMES.map((name) => [typed(name), formOf(name).summary]),
      screen,
    ),
    '',
    style.title('Options'),
    ...indented(optionLines(GLOBAL_OPTIONS), screen),
    '',
    ...sentence(
      'Settings come from the environment (MAILROOM_…) and from .env in the current folder; the README has the table.',
      screen,
    ),
    ...sentence(`${PROGRAM} COMMAND --help shows a command's options, examples and exit statuses.`, screen),
  ];
}

/** The page of a command. */
export function page(command: CommandName, screen: Screen): readonly string[] {
  const { usage, about, options, word, examples, exits } = formOf(command);
  const { style } = screen;
  const own = new Map<number, string>([...COMMON_EXITS, ...exits]);
  const statuses = [...own].sort(([one], [other]) => one - other);
  const block = (title: string, lines: readonly Titled[]): readonly string[] =>
    lines.length === 0 ? [] : ['', style.title(title), ...indented(lines, screen)];
  return [
    style.title('Usage'),
    ...usage.map((line) => `  ${PROGRAM} ${line}`),
    '',
    ...about.flatMap((paragraph) => sentence(paragraph, screen)),
    ...block('Options', [...(word === undefined ? [] : [[word.name, word.text] as const]), ...optionLines(options)]),
    '',
    style.title('Examples'),
    ...examples.flatMap(([line, what]) => [`  ${style.key(`${PROGRAM} ${line}`)}`, `      ${what}`]),
    ...block(
      'Exit status',
      statuses.map(([status, when]) => [String(status), when]),
    ),
  ];
}

function optionLines(options: Readonly<Record<string, OptionForm>>): readonly Titled[] {
  return Object.entries(options).map(([name, { value, text }]) => {
    const letters = Object.entries(SHORT_OPTIONS).flatMap(([letter, long]) => (long === name ? `-${letter}, ` : []));
    return [`${letters.join('')}--${name}${value === undefined ? '' : ` ${value}`}`, text];
  });
}

function indented(lines: readonly Titled[], screen: Screen): readonly string[] {
  const narrower = { ...screen, width: screen.width === undefined ? undefined : screen.width - 2 };
  return titled(lines, narrower).map((line) => `  ${line}`);
}
