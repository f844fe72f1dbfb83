import { onAccount } from '../../wiring/on-account';
import type { Start } from '../../wiring/runtime';
import { queue } from './queue';

export const start: Start = (runtime, { options }) => onAccount(runtime, (context) => queue(context, options));
