import { usageError } from '../../arguments/arguments';
import { ownUid } from '../../contacts/own-uid';
import { onAccount } from '../../wiring/on-account';
import type { Start } from '../../wiring/runtime';
import { addressFrom, explain } from './explain';

export const start: Start = async (runtime, { words: [word = ''], options }) => {
  const address = addressFrom(word, (message) => usageError('explain', message));
  return onAccount(runtime, (context) => explain({ ...context, ownUid }, address, options));
};
