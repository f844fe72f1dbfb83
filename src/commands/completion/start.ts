import { printOn, type Start } from '../../wiring/runtime';
import { completionScript, type Shell } from './completion';

export const start: Start = async (runtime, { words: [shell] }) =>
  printOn(runtime)(completionScript(shell as Shell).join('\n'));
