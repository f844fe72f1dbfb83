import { usageError } from '../../arguments/arguments';
import { confirmOn } from '../../confirm';
import { ownUids } from '../../contacts/own-uid';
import { untilStopped } from '../../stop';
import { onAccount } from '../../wiring/on-account';
import type { Start } from '../../wiring/runtime';
import { reset } from './reset';

/** Without a person to ask, what cannot be undone has to be asked for in so many words. */
export const start: Start = async (runtime, { options }) => {
  const { stdin, stderr, signals } = runtime;
  const canAsk = stdin.isTTY === true && stderr.isTTY === true;
  if (options.has('yes') && !options.has('apply')) throw usageError('reset', '--yes goes with --apply');
  if (options.has('apply') && !options.has('yes') && !canAsk) {
    throw usageError('reset', 'reset --apply asks before it writes, and here is no terminal: add --yes');
  }
  return onAccount(
    runtime,
    (context) => {
      const terminal = { input: stdin, output: stderr, stop: context.stop };
      return reset({ ...context, ownUids, confirm: (question) => confirmOn(terminal, question) }, options);
    },
    { stopWith: (log) => untilStopped(signals, log) },
  );
};
