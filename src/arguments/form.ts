/** An option of a command. */
export interface OptionForm {
  /** What it does, in a few words. */
  readonly text: string;
  /** The name of its value, for an option that takes one. */
  readonly value?: string;
}

/** What follows a command. */
export interface WordForm {
  /** As the usage has it, such as `ADDRESS`. */
  readonly name: string;
  /** What it is, after "needs". */
  readonly text: string;
  readonly optional?: true;
  /** What it may be, where that is a list. */
  readonly choices?: readonly string[];
}

/** A command as its help, the reading of command lines and the completions know it. */
export interface CommandForm {
  /** What stands after the program's name: a line for each way to use it. */
  readonly usage: readonly string[];
  /** One line of the list of commands. */
  readonly summary: string;
  /** Its page, a paragraph each. */
  readonly about: readonly string[];
  readonly options: Readonly<Record<string, OptionForm>>;
  /** Sets of options that may stand together; all of them unless told. */
  readonly together?: readonly (readonly string[])[];
  readonly word?: WordForm;
  /** What stands after the program's name, and what that does. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** Exit statuses besides 64, 74 and 78, which every command may have. */
  readonly exits: readonly (readonly [status: number, when: string])[];
}
