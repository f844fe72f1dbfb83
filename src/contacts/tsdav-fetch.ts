import type { RequestOptions } from '../http/client';
import type { Answer } from '../http/messages';

/** The `fetch` that tsdav sends by. Of an answer it looks at the status, the headers and the text alone. */
export function tsdavFetch(send: (url: string, init: RequestOptions) => Promise<Answer>): typeof globalThis.fetch {
  return send as unknown as typeof globalThis.fetch;
}
