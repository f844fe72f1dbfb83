import { type Arguments, parseArguments, USAGE } from '../src/arguments';
import { MailroomError } from '../src/errors';

function refusal(args: readonly string[]): MailroomError {
  try {
    parseArguments(args);
  } catch (error) {
    if (error instanceof MailroomError) return error;
    throw error;
  }
  throw new Error('The arguments are taken');
}

describe('the command line', () => {
  it.each<[string, Arguments['command'], readonly string[]]>([
    ['--once', 'once', ['once']],
    ['--once --once', 'once', ['once']],
    ['--dry-run', 'once', ['dry-run']],
    ['--dry-run --once', 'once', ['once', 'dry-run']],
    ['status', 'status', []],
    ['status --json', 'status', ['json']],
    ['--json status', 'status', ['json']],
    ['setup --apply --json', 'setup', ['apply', 'json']],
    ['setup --sieve', 'setup', ['sieve']],
    ['check', 'check', []],
    ['queue --count', 'queue', ['count']],
    ['--version', 'version', ['version']],
    ['--help', 'help', ['help']],
    ['-h', 'help', ['help']],
    ['--once --help', 'help', ['once', 'help']],
    ['status --help', 'help', ['help']],
  ])('%s', (line, command, options) => {
    const parsed = parseArguments(line.split(' '));
    expect(parsed.command).toBe(command);
    expect([...parsed.options].sort()).toEqual([...options].sort());
  });

  it.each([
    ['', 'There is no command'],
    ['--json', 'There is no command'],
    ['once', 'There is no command "once"'],
    ['nonsense', 'There is no command "nonsense"'],
    ['constructor', 'There is no command "constructor"'],
    ['--nonsense', "Unknown option '--nonsense'"],
    ['--once --nonsense', "Unknown option '--nonsense'"],
    ['-x', "Unknown option '-x'"],
    ['--once=yes', "Option '--once' does not take an argument"],
    ['--once --json', '--once does not take --json'],
    ['--once status', 'status does not take --once'],
    ['status --dry-run', 'status does not take --dry-run'],
    ['status now please', '"now please" is too much'],
    ['--once now', 'There is no command "now"'],
    ['setup --rules --sieve', '--rules and --sieve do not go together'],
    ['setup --rules --apply', 'do not go together'],
  ])('%j is refused with a usage line', (line, message) => {
    const error = refusal(line.split(' ').filter((word) => word !== ''));
    expect(error.code).toBe('usage');
    expect(error.message).toContain(message);
    expect(error.message).not.toContain('\n');
    expect(error.hint).toMatch(/^Usage: node dist\/run\.js [^\n]*--help says more$/);
  });
});

describe('the usage', () => {
  it.each(['--once', '--dry-run', '--help', '--version', 'setup', 'check', 'queue', 'status'])('names %s', (word) => {
    expect(USAGE).toContain(word);
  });
});
