import { parseArguments, USAGE } from '../src/arguments';
import { exitStatusOf, type MailroomError } from '../src/errors';

function refusal(args: readonly string[]): MailroomError {
  try {
    parseArguments(args);
  } catch (error) {
    return error as MailroomError;
  }
  throw new Error(`${args.join(' ')} is accepted`);
}

describe('the command line', () => {
  it.each([
    [['--once'], 'once', ['once']],
    [['--dry-run'], 'once', ['dry-run']],
    [['--once', '--dry-run'], 'once', ['dry-run', 'once']],
    [['setup'], 'setup', []],
    [['setup', '--apply', '--json'], 'setup', ['apply', 'json']],
    [['--rules', 'setup'], 'setup', ['rules']],
    [['setup', '--sieve'], 'setup', ['sieve']],
    [['check', '--json'], 'check', ['json']],
    [['status'], 'status', []],
    [['--help'], 'help', ['help']],
    [['setup', '-h'], 'help', ['help']],
    [['--version'], 'version', ['version']],
  ] as const)('%j is %s', (args, command, options) => {
    const parsed = parseArguments(args);
    expect(parsed.command).toBe(command);
    expect([...parsed.options].sort()).toEqual(options);
  });

  it.each([
    [[], 'There is no command', '--once'],
    [['once'], 'no command "once"', '--once'],
    [['toString'], 'no command "toString"', '--once'],
    [['--twice'], "Unknown option '--twice'", '--once'],
    [['--once', 'now'], 'no command "now"', '--once'],
    [['setup', 'now'], '"now" is too much', 'setup'],
    [['setup', '--dry-run'], 'setup does not take --dry-run', 'setup'],
    [['setup', '--aply'], "Unknown option '--aply'", 'setup'],
    [['setup', '--apply=yes'], "'--apply' does not take an argument", 'setup'],
    [['setup', '--rules', '--sieve'], '--rules and --sieve do not go together', 'setup'],
    [['setup', '--apply', '--rules'], '--apply and --rules do not go together', 'setup'],
    [['setup', '--sieve', '--json'], '--sieve and --json do not go together', 'setup'],
    [['check', '--apply'], 'check does not take --apply', 'check'],
    [['check', 'it', 'all'], '"it all" is too much', 'check'],
    [['check', '--once'], 'check does not take --once', 'check'],
    [['status', '--apply'], 'status does not take --apply', 'status'],
  ] as const)('%j is refused with 64 and how it is used', (args, message, command) => {
    const error = refusal(args);
    expect(exitStatusOf(error)).toBe(64);
    expect(error.message).toContain(message);
    expect(error.hint).toMatch(new RegExp(`^Usage: node dist/run\\.js ${command}`));
  });

  it('is explained in lines that a terminal shows whole', () => {
    expect(USAGE.split('\n').filter((line) => line.length > 120)).toEqual([]);
  });
});
