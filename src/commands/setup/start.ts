import { onAccount } from '../../wiring/on-account';
import type { Start } from '../../wiring/runtime';
import { setup } from './setup';

export const start: Start = (runtime, { options }) => onAccount(runtime, (context) => setup(context, options));
