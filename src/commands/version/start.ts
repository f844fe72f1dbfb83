import { printOn, type Start } from '../../wiring/runtime';

export const start: Start = async (runtime) => printOn(runtime)(runtime.version);
