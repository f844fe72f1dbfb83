import { usageError } from '../../arguments/arguments';
import { onAccount } from '../../wiring/on-account';
import type { Start } from '../../wiring/runtime';
import { addressFrom } from '../explain/explain';
import { history } from './history';

export const start: Start = async (runtime, { words: [word], options, values }) => {
  const refuse = (message: string) => usageError('history', message);
  const address = word === undefined ? undefined : addressFrom(word, refuse);
  const count = values.get('count');
  if (count !== undefined && !/^[1-9]\d{0,8}$/.test(count)) throw refuse('--count needs a whole number above 0');
  const request = { address, count: count === undefined ? undefined : Number(count), json: options.has('json') };
  return onAccount(runtime, (context) => history(context, request));
};
