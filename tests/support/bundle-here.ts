import { EventEmitter } from 'node:events';
import fs, { type PathLike } from 'node:fs';
import http from 'node:http';
import { resolve } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { Script } from 'node:vm';
import { BUNDLE, type MailroomOptions, type MailroomRun, recordsOf, settingsOf } from './mailroom';

/** The current folder of such a run: a `.env` of the developer's is none of its business. */
const NOWHERE = '/nonexistent';

/** The bundle as Node.js makes it of a file, with what belongs to a process as parameters. */
let bundle: ((require: (name: string) => unknown, process: object, setTimeout: Life['setTimeout']) => void) | undefined;

export interface RunHere {
  /** As SIGKILL: it does nothing more, and its connections are closed. */
  kill(): void;
  readonly ended: Promise<MailroomRun>;
}

/**
 * Starts the built bundle in this process, for the many runs that a test needs beside the one that it is about. Each has
 * modules of its own, but V8 compiles them once: that is a fifth of the work of a new process.
 */
export function startHere(
  args: readonly string[],
  { account, env }: Pick<MailroomOptions, 'account' | 'env'>,
): RunHere {
  bundle ??= compiled();
  const life = new Life();
  const output = { stdout: '', stderr: '' };
  const into = (name: keyof typeof output): Writable =>
    new Writable({
      decodeStrings: false,
      write(text, _, done) {
        output[name] += text;
        done();
      },
    });
  const own = {
    argv: [process.execPath, BUNDLE, ...args],
    cwd: () => NOWHERE,
    env: { ...(account && settingsOf(account)), ...env },
    stdin: Readable.from([]),
    stdout: into('stdout'),
    stderr: into('stderr'),
    // The last thing that the bundle does.
    set exitCode(status: number) {
      life.end(status);
    },
  };
  bundle?.(requireFor(life), Object.setPrototypeOf(own, new EventEmitter()), life.setTimeout);
  return {
    kill: () => life.end(null),
    ended: life.ended.then((status) => ({
      status,
      signalled: status === null ? 'SIGKILL' : null,
      ...output,
      records: recordsOf(output.stdout),
    })),
  };
}

/** Runs it to its end. */
export function runHere(...run: Parameters<typeof startHere>): Promise<MailroomRun> {
  return startHere(...run).ended;
}

function compiled(): typeof bundle {
  const text = fs.readFileSync(BUNDLE, 'utf8').replace(/^#!.*/, '');
  const inFunction = `(function (require, process, setTimeout) { ${text}\n})`;
  return new Script(inFunction, { filename: BUNDLE }).runInThisContext();
}

/** Node's modules, with those of a process in place of what would reach beyond the run. */
function requireFor(life: Life): (name: string) => unknown {
  class Agent extends http.Agent {
    constructor(options: http.AgentOptions) {
      super(options);
      life.agents.push(this);
    }
  }
  const own: Readonly<Record<string, unknown>> = {
    'node:fs': {
      ...fs,
      statSync: (path: PathLike) => fs.statSync(resolve(NOWHERE, String(path))),
      readFileSync: (path: PathLike, encoding: BufferEncoding) =>
        fs.readFileSync(resolve(NOWHERE, String(path)), encoding),
    },
    'node:http': { ...http, Agent, request: life.request },
    'node:v8': { setFlagsFromString: () => {} },
  };
  return (name) => own[name] ?? require(name);
}

/** What wakes a run, until it ends or is killed. */
class Life {
  readonly agents: http.Agent[] = [];
  readonly ended: Promise<number | null>;
  readonly #requests = new Set<http.ClientRequest>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #isOver = false;
  #resolve: (status: number | null) => void = () => {};

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  readonly request = (url: URL, options: http.RequestOptions): http.ClientRequest | PassThrough => {
    if (this.#isOver) return new PassThrough();
    const request = http.request(url, options);
    this.#requests.add(request);
    return request.once('close', () => this.#requests.delete(request));
  };

  readonly setTimeout = (...args: Parameters<typeof setTimeout>): NodeJS.Timeout => {
    const timer = setTimeout(...args);
    if (this.#isOver) clearTimeout(timer);
    else this.#timers.add(timer);
    return timer;
  };

  end(status: number | null): void {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const request of this.#requests) request.removeAllListeners().on('error', () => {});
    for (const agent of this.agents) agent.destroy();
    this.#resolve(status);
  }
}
