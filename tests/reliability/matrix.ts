import type { MailroomError } from '../../src/errors';
import type { Account } from '../support/account';
import type { Answer } from '../support/embedded/gate';
import type { EmbeddedServer } from '../support/embedded/server';
import { lostLines } from '../support/invariants/card-promises';
import { lostMail } from '../support/invariants/mail-promises';
import { brokenByTriage } from '../support/invariants/promises';
import { brokenByReset } from '../support/invariants/reset-promises';
import type { Sight } from '../support/invariants/sight';
import { RULES } from './account';
import { sightOf, stateOf } from './embedded-sight';
import type { BrokenRun, Fault } from './faults';
import { type Command, openOverNetwork, run } from './in-process';
import { differences, type Outcome, outcomeOf } from './outcome';
import { type SeenRequest, watching } from './requests';

/** What becomes of an account after a broken run. */
interface Mending {
  /** Promises broken at once, and after the runs that mended it. */
  readonly broken: readonly string[];
  /** What is not as after an unbroken run, two more runs later. */
  readonly differences: readonly string[];
  /** Runs that it took to mend it. */
  readonly runs: number;
}

/** One fault at one request of a command, and what became of the account. */
export interface Trial extends Mending {
  readonly request: SeenRequest;
  readonly fault: Fault;
}

export interface Matrix {
  /** Those of an unbroken run. */
  readonly requests: readonly SeenRequest[];
  /** Runs the command on an account of its own, with the fault at the request. */
  try(request: SeenRequest, fault: Fault): Promise<Trial>;
  /** In how many different states the tried faults have left the account. A run begins with nothing else: one is mended once. */
  readonly states: number;
}

const RUNS_TO_MEND = 2;

/** Milliseconds: a fault that hangs is waited for no longer. A busy machine gets more where other requests took as long. */
const TIMEOUTS = [250, 1_000, 5_000];

const BROKEN: Answer = { status: 0, cut: 'all' };

/** Runs the command once unbroken on a copy of the account, to know its requests and where it leads. */
export async function createMatrix(server: EmbeddedServer, base: Account, command: Command): Promise<Matrix> {
  const look = (account: Account): Sight => sightOf(server.storesOf(account));
  const before = look(base);
  const requests: SeenRequest[] = [];
  const unbroken = await onCopy(server, base, async (account) => {
    server.gate(
      account,
      watching(account, async (request, serve) => {
        requests.push(request);
        return serve();
      }),
    );
    await mustEndWell(command, account);
    server.gate(account, undefined);
    const first = outcomeOf(look(account));
    const { state } = server.storesOf(account).mail;
    await mustEndWell(command, account);
    if (server.storesOf(account).mail.state !== state) throw new Error(`A second ${command} writes something`);
    return { outcome: first, broken: promisesBroken(command, before, look(account)) };
  });
  if (unbroken.broken.length > 0) throw new Error(`An unbroken ${command}: ${unbroken.broken.join('; ')}`);

  const mend = async (account: Account): Promise<Mending> => {
    const broken = promisesBroken(command, before, look(account));
    for (let runs = 1; ; runs++) {
      await mustEndWell(command, account);
      const found = differences(unbroken.outcome, outcomeOf(look(account)));
      if (found.length > 0 && runs < RUNS_TO_MEND) {
        forgive(server, account, unbroken.outcome);
        continue;
      }
      const after = promisesBroken(command, before, look(account));
      return { broken: [...broken, ...after], differences: found, runs };
    }
  };
  const mended = new Map<string, Mending>();

  return {
    requests,
    try: (request, fault) =>
      onBrokenCopy(server, base, { command, request, fault }, async (account) => {
        const state = stateOf(server.storesOf(account));
        const known = mended.get(state) ?? (await mend(account));
        mended.set(state, known);
        return { request, fault, ...known };
      }),
    get states() {
      return mended.size;
    },
  };
}

interface Breaking {
  readonly command: Command;
  readonly request: SeenRequest;
  readonly fault: Fault;
}

/** Works on a copy on which the command was run with the fault. */
async function onBrokenCopy<T>(
  server: EmbeddedServer,
  base: Account,
  breaking: Breaking,
  work: (account: Account) => Promise<T>,
): Promise<T> {
  for (const timeout of TIMEOUTS) {
    const result = await onCopy(server, base, async (account) =>
      (await breakRun(server, account, breaking, timeout)) ? { value: await work(account) } : undefined,
    );
    if (result !== undefined) return result.value;
  }
  const { command, request, fault } = breaking;
  throw new Error(`${command} never sent ${request.key} (${request.kind}), where ${fault.name} was to come`);
}

/** Runs the command with the fault; false where the request never came. */
async function breakRun(
  server: EmbeddedServer,
  account: Account,
  { command, request: { key }, fault }: Breaking,
  timeout: number,
): Promise<boolean> {
  const process = new AbortController();
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const broken: BrokenRun = { kill: () => process.abort(), ended };
  let what: string | undefined;
  const gate = watching(account, async (request, serve) => {
    if (process.signal.aborted) return BROKEN;
    const again = what !== undefined && fault.lasts && withoutTime(request.key) === what;
    if (request.key !== key && !again) return serve();
    what = withoutTime(request.key);
    return fault.meet(serve, broken, request);
  });
  server.gate(account, gate);
  try {
    await run(
      command,
      account,
      openOverNetwork(account, {
        signal: process.signal,
        ...(fault.hangs === true ? { attemptTimeout: timeout } : {}),
      }),
    );
  } finally {
    end();
    server.gate(account, undefined);
  }
  return what !== undefined;
}

function withoutTime(key: string): string {
  return key.slice(0, key.lastIndexOf(' '));
}

async function mustEndWell(command: Command, account: Account): Promise<void> {
  const failure: MailroomError | undefined = await run(command, account, openOverNetwork(account));
  if (failure !== undefined) throw new Error(`An unbroken ${command} failed: ${failure.message}`, { cause: failure });
}

/** The user takes the error label off what a server refused. */
function forgive(server: EmbeddedServer, account: Account, { mail }: Outcome): void {
  const { mail: store } = server.storesOf(account);
  const errorLabel = [...store.mailboxes.values()].find(({ name }) => name === RULES.errorLabel)?.id ?? '';
  const now = sightOf(server.storesOf(account)).messages;
  for (const { id, content, mailboxes } of now) {
    if (!mailboxes.includes(RULES.errorLabel) || mail[content]?.includes(RULES.errorLabel)) continue;
    store.emails.get(id)?.mailboxIds.delete(errorLabel);
  }
}

function promisesBroken(command: Command, before: Sight, after: Sight): readonly string[] {
  if (command === 'cycle') return brokenByTriage(before, after, RULES);
  if (command === 'reset') return brokenByReset(before, after, RULES);
  return [...lostMail(before, after), ...lostLines(before, after)];
}

async function onCopy<T>(server: EmbeddedServer, base: Account, work: (account: Account) => Promise<T>): Promise<T> {
  const account = server.copyUser(base);
  try {
    return await work(account);
  } finally {
    server.removeUser(account);
  }
}
