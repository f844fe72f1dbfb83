import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { text } from 'node:stream/consumers';
import type { Container } from './kubernetes-objects';
import { leash } from './leash';

export interface ContainerEnd {
  /** 128 and the signal's number for a process that a signal ended. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly terminationMessage: string;
}

export interface ContainerProcess {
  readonly end: Promise<ContainerEnd>;
  kill(signal: NodeJS.Signals): void;
}

export interface ContainerStart {
  readonly program: string;
  /** For Node, before the program. */
  readonly options: readonly string[];
  /** For the program. */
  readonly words: readonly string[];
  /** The whole of it: nothing of this process's own environment is added. */
  readonly environment: Readonly<Record<string, string>>;
  /** The working folder. */
  readonly folder: string;
  /** The file that takes the termination message. */
  readonly terminationLog: string;
  readonly policy: Container['terminationMessagePolicy'];
}

/** As the container runtime has it: longer messages are cut off. */
const MESSAGE_BYTES = 4096;
const FALLBACK_BYTES = 2048;

/** Runs a Node program as the one process of a container. */
export async function startContainer(start: ContainerStart): Promise<ContainerProcess> {
  await writeFile(start.terminationLog, '');
  const [command, ...args] = [...leash('KILL'), process.execPath, ...start.options, start.program, ...start.words];
  const child = spawn(command as string, args, {
    cwd: start.folder,
    env: start.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<number>((resolve, reject) =>
    child
      .once('error', reject)
      .once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal as NodeJS.Signals])),
  );
  const untilEnd = async (): Promise<ContainerEnd> => {
    const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    const written = await readFile(start.terminationLog);
    const useLogs = written.length === 0 && exitCode !== 0 && start.policy === 'FallbackToLogsOnError';
    const message = useLogs
      ? Buffer.from(stdout + stderr).subarray(-FALLBACK_BYTES)
      : written.subarray(0, MESSAGE_BYTES);
    return { exitCode, stdout, stderr, terminationMessage: message.toString() };
  };
  return { end: untilEnd(), kill: (signal) => child.kill(signal) };
}
