import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMAND_NAMES } from '../../../src/arguments/commands';
import { completionScript, type Shell } from '../../../src/commands/completion/completion';
import { describeWith, type Requirement } from '../../support/requirement';
import { openTerminal, type Terminal, terminalRequirement } from '../../support/terminal';

const WORDS = COMMAND_NAMES.filter((name) => name !== 'once');

/** What may come next, for each beginning of a line; `…` stands for every command. */
const CASES: readonly (readonly [line: string, next: readonly string[]])[] = [
  ['mailroom se', ['setup']],
  ['mailroom setup --a', ['--apply']],
  ['mailroom setup --r', ['--rules']],
  ['mailroom --dry', ['--dry-run']],
  ['mailroom queue --', ['--count', '--json', '--help']],
  ['mailroom completion ', ['bash', 'zsh', 'fish']],
  ['mailroom help re', ['reset']],
];

function shell(name: Shell): Requirement {
  return {
    name,
    install: `apt-get install ${name}`,
    missing: () => (spawnSync(name, ['--version']).status === 0 ? undefined : `no ${name} on the PATH`),
  };
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailroom-completion-'));
  for (const name of ['bash', 'zsh', 'fish'] as const) {
    writeFileSync(join(folder, name), `${completionScript(name).join('\n')}\n`);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function answer(name: Shell, args: readonly string[]): readonly string[] {
  const { status, stdout, stderr } = spawnSync(name, args, { encoding: 'utf8', cwd: folder });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0] as string);
}

describeWith(shell('bash'), 'completion in bash', () => {
  const complete = (line: string): readonly string[] => {
    const script = `source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mailroom; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return answer('bash', ['--norc', '-c', script, 'bash', ...line.split(' ')]);
  };

  it.each(CASES)('%j', (line, next) => {
    expect(complete(line).filter((word) => next.includes(word))).toEqual(next);
    if (line.includes('--')) expect(complete(line)).toEqual(next);
  });

  it('knows every command', () => {
    expect(complete('mailroom ').filter((word) => !word.startsWith('-'))).toEqual(WORDS);
  });
});

describeWith(shell('fish'), 'completion in fish', () => {
  const complete = (line: string): readonly string[] =>
    answer('fish', ['--no-config', '-c', `source ./fish; complete -C '${line}'`]);

  it.each(CASES)('%j', (line, next) => {
    expect([...complete(line)].sort()).toEqual([...next].sort());
  });

  it('knows every command', () => {
    expect([...complete('mailroom ')].sort()).toEqual([...WORDS].sort());
  });
});

describeWith(shell('zsh'), 'completion in zsh', () => {
  describeWith(terminalRequirement, 'on a terminal', () => {
    let terminal: Terminal;

    beforeAll(async () => {
      const env = { HOME: folder, PS1: '> ' };
      terminal = await openTerminal({ columns: 100, folder, env, command: ['zsh', '-f'] });
      await terminal.type('autoload -Uz compinit && compinit -u -D && source ./zsh && echo re""ady', 'Enter');
      await terminal.shows(/^ready/m);
    });

    afterAll(() => terminal?.close());

    it('completes a command and an option, and lists what may come', async () => {
      await terminal.type('mailroom se', 'Tab', '--ap', 'Tab');
      await terminal.shows(/^> mailroom setup --apply/m);
      await terminal.type('C-u', 'mailroom completion ', 'Tab');
      await terminal.shows(/^bash +fish +zsh/m);
      await terminal.type('C-u', 'mailroom help re', 'Tab');
      await terminal.shows(/^> mailroom help reset/m);
      await terminal.type('C-u', 'mailroom ', 'Tab');
      await terminal.shows(
        new RegExp(
          WORDS.map((name) => `^${name} +-- .*`)
            .sort()
            .join('\n'),
          'm',
        ),
      );
    });
  });
});
