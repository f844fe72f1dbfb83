import { type Arguments, parseArguments } from '../../src/arguments/arguments';
import { EXIT, exitStatusOf, MailroomError } from '../../src/errors';
import { PROGRAM } from '../../src/program';

async function refusal(args: readonly string[]): Promise<MailroomError> {
  try {
    await parseArguments(args);
  } catch (error) {
    if (error instanceof MailroomError) return error;
    throw error;
  }
  throw new Error(`${args.join(' ')} is accepted`);
}

function wordsOf(line: string): readonly string[] {
  return line.split(' ').filter((word) => word !== '');
}

describe('the command line', () => {
  it.each<[line: string, command: Arguments['command'], options: readonly string[], words?: readonly string[]]>([
    ['--once', 'once', ['once']],
    ['--once --once', 'once', ['once']],
    ['--dry-run', 'once', ['dry-run']],
    ['--dry-run --once', 'once', ['dry-run', 'once']],
    ['--once --json', 'once', ['json', 'once']],
    ['--once --dry-run --json', 'once', ['dry-run', 'json', 'once']],
    ['setup', 'setup', []],
    ['setup --apply --json', 'setup', ['apply', 'json']],
    ['--rules setup', 'setup', ['rules']],
    ['setup --sieve', 'setup', ['sieve']],
    ['check', 'check', []],
    ['check --json', 'check', ['json']],
    ['queue --count', 'queue', ['count']],
    ['status', 'status', []],
    ['--json status', 'status', ['json']],
    ['explain ann@sender.example', 'explain', [], ['ann@sender.example']],
    ['explain --json ann@sender.example', 'explain', ['json'], ['ann@sender.example']],
    ['explain -h7@h.example', 'explain', [], ['-h7@h.example']],
    ['explain --help@h.example --json', 'explain', ['json'], ['--help@h.example']],
    ['explain -- -h7@h.example', 'explain', [], ['-h7@h.example']],
    ['completion zsh', 'completion', [], ['zsh']],
    ['--version', 'version', ['version']],
    ['-V', 'version', ['version']],
    ['version', 'version', []],
    ['--help', 'help', ['help'], []],
    ['-h', 'help', ['help'], []],
    ['help', 'help', [], []],
    ['help setup', 'help', [], ['setup']],
    ['setup --help', 'help', ['help'], ['setup']],
    ['setup -h', 'help', ['help'], ['setup']],
    ['setup --rules --sieve --help', 'help', ['help', 'rules', 'sieve'], ['setup']],
    ['explain --help', 'help', ['help'], ['explain']],
    ['--once --help', 'help', ['help', 'once'], ['once']],
    ['--help setup', 'help', ['help'], ['setup']],
  ])('%s', async (line, command, options, words = []) => {
    const parsed = await parseArguments(wordsOf(line));
    expect({ ...parsed, options: [...parsed.options].sort() }).toEqual({
      command,
      options,
      words,
      values: new Map(),
    });
  });

  it.each([
    ['', 'There is no command', '--once'],
    ['--json', 'There is no option --json', '--once'],
    ['once', 'There is no command "once"; did you mean --once?', '--once'],
    ['nonsense', 'There is no command "nonsense"', '--once'],
    ['constructor', 'There is no command "constructor"', '--once'],
    ['toString', 'There is no command "toString"', '--once'],
    ['setpu', 'There is no command "setpu"; did you mean setup?', '--once'],
    ['chekc --json', 'There is no command "chekc"; did you mean check?', '--once'],
    ['nonsense --help', 'There is no command "nonsense"', '--once'],
    ['--nonsense', 'There is no option --nonsense', '--once'],
    ['--once --nonsense', 'There is no option --nonsense', '--once'],
    ['--once --dryrun', 'There is no option --dryrun; did you mean --dry-run?', '--once'],
    ['-x', 'There is no option -x', '--once'],
    ['--constructor', 'There is no option --constructor', '--once'],
    ['--once=yes', '--once takes no value', '--once'],
    ['--once now', 'There is no command "now"', '--once'],
    ['--once --apply', '--once does not take --apply', '--once'],
    ['--once status', 'status does not take --once', 'status'],
    ['status --dry-run', 'status does not take --dry-run', 'status'],
    ['status now please', '"now please" is too much', 'status'],
    ['setup now', '"now" is too much', 'setup'],
    ['setup --aply', 'There is no option --aply; did you mean --apply?', 'setup'],
    ['setup --apply=yes', '--apply takes no value', 'setup'],
    ['setup --rules --sieve', '--rules and --sieve do not go together', 'setup'],
    ['setup --apply --rules', '--apply and --rules do not go together', 'setup'],
    ['setup --sieve --json', '--sieve and --json do not go together', 'setup'],
    ['check --apply', 'check does not take --apply', 'check'],
    ['explain', 'explain needs the address of a sender, such as ann@sender.example', 'explain'],
    ['explain a@x.example b@x.example', '"b@x.example" is too much', 'explain'],
    ['setup -h7@h.example', '"-h7@h.example" is too much', 'setup'],
    ['completion', 'completion needs the shell: bash, zsh or fish', 'completion'],
    ['completion tcsh', '"tcsh" is not the shell: bash, zsh or fish', 'completion'],
    ['help setup check', '"check" is too much', 'help'],
  ])('%j is refused with 64 and how it is used', async (line, message, command) => {
    const error = await refusal(wordsOf(line));
    expect(exitStatusOf(error)).toBe(EXIT.usage);
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
    expect(error.hint).toMatch(new RegExp(`^Usage: \\S+ \\S+ ${command}[^\n]*; --help says more$`));
    expect(error.hint).toContain(PROGRAM);
  });

  it('suggests nothing that is far away, however long', async () => {
    expect((await refusal(['x'.repeat(100_000)])).message).toMatch(/"x+"$/);
    expect((await refusal(['q'])).message).toBe('There is no command "q"');
  });
});
