import { programsOf } from './go-programs';

const checkers = programsOf('document-checkers', 'promtool and compose-spec');

export const documentCheckersRequirement = checkers.requirement;

/** Runs promtool or compose-spec; what it finds is in the output. */
export const checkDocument = checkers.run;
