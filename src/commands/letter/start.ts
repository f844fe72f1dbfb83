import { onAccount } from '../../wiring/on-account';
import type { Start } from '../../wiring/runtime';
import { letter } from './letter';

export const start: Start = (runtime, { options }) => onAccount(runtime, (context) => letter(context, options));
