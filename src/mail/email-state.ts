/**
 * Whether what was read of an account's messages is still true. It is while the Email state of the server (RFC 8620, section
 * 5.1) is that of the first reading, or one that our own writes have led to since.
 */
export class EmailState {
  /** Undefined before the first reading, null when messages have changed since. */
  #state: string | null | undefined;

  /** For `ifInState` (RFC 8620, section 5.3); undefined where nothing is known to be as it was read. */
  get current(): string | undefined {
    return this.#state ?? undefined;
  }

  /** Hears the state that came with messages. */
  read(state: unknown): void {
    const said = typeof state === 'string' ? state : null;
    this.#state = this.#state === undefined || this.#state === said ? said : null;
  }

  /** Hears the state that a write on condition of {@link current} has led to. */
  wrote(newState: unknown): void {
    this.#state = typeof newState === 'string' ? newState : null;
  }

  /** Hears that somebody else has changed messages. */
  changed(): void {
    this.#state = null;
  }
}
