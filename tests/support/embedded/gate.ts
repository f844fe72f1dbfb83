/** A request as the server gets it. */
export interface ServedRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The same content however often it is asked for. */
  readonly body: () => Promise<Buffer>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
  /** The connection breaks before the answer, or in the middle of its body. */
  readonly cut?: 'all' | 'half' | undefined;
}

/** Does the work; with another body, if one is given. */
export type Serve = (body?: string) => Promise<Answer>;

/** Stands before a user's mail and cards: serves a request, answers in the server's place, or lets it wait. */
export type Gate = (request: ServedRequest, serve: Serve) => Promise<Answer>;
