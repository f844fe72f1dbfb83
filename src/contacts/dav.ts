import { davRequest } from 'tsdav';
import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import { printable } from '../http/confidential';
import type { BodyReader } from '../http/fetch';
import { resolveHref, resolveMember } from './href';
import { carddav, dav, readResponse } from './multistatus';
import { createPreconditionReader, type PreconditionReader } from './precondition';
import type { DavBody } from './queries';
import { tsdavFetch } from './tsdav-fetch';
import { createXmlReader, type XmlElement, XmlError, type XmlReader } from './xml-reader';

export interface DavRequest {
  readonly method: 'PROPFIND' | 'REPORT';
  readonly url: URL;
  readonly depth: '0' | '1';
  readonly body: DavBody;
  /** Bytes of the answer; a longer one is an error that `isTooLong`. */
  readonly maxBytes?: number;
}

/** What a multistatus says of one resource. */
export interface DavElement {
  readonly url: URL;
  /** 207 where the resource as a whole has none. */
  readonly status: number;
  /** The properties that are there, by their qualified names. */
  readonly properties: ReadonlyMap<string, XmlElement>;
}

export interface DavAnswer<T> {
  readonly url: URL;
  readonly status: number;
  /** Where a redirect points. */
  readonly location: string | null;
  /** Name of the precondition that was not met, without its namespace (RFC 4918, section 16). */
  readonly precondition: string | null;
  /** What was read out of the elements. Empty unless the status is 207. */
  readonly found: readonly T[];
}

const XML = 'application/xml; charset=utf-8';

/**
 * Sends a request whose answer is a multistatus, and reads each resource as it comes; what `read` has no use for (null)
 * takes no memory. Every status but those that the HTTP client throws for is an answer.
 *
 * tsdav writes the request and sends it through the client. Why it does not read the answer: docs/decisions.md.
 */
export async function davAnswer<T>(
  http: HttpClient,
  { method, url, depth, body, ...limits }: DavRequest,
  read: (element: DavElement) => T | null,
): Promise<DavAnswer<T>> {
  let found: T[] = [];
  let error: PreconditionReader | undefined;
  let multistatus: XmlReader | undefined;
  let location: string | null = null;

  function collect(response: XmlElement): void {
    const { hrefs, ...rest } = readResponse(response);
    for (const href of hrefs.length === 0 ? [''] : hrefs) {
      // Who is asked for one resource may answer for another one of the server: discovery begins at any of its URLs.
      const resolve = depth === '0' ? resolveHref : resolveMember;
      const value = read({ url: resolve(href, url, http), ...rest });
      if (value !== null) found.push(value);
    }
  }

  /** What a repetition answers takes the place of what came before it. */
  function reader(status: number): BodyReader {
    found = [];
    error = status === 207 ? undefined : createPreconditionReader();
    multistatus = status === 207 ? multistatusReader(`${method} ${printable(url)}`, collect) : undefined;
    return (multistatus ?? error)?.write ?? (() => {});
  }

  const [{ status } = { status: 0 }] = await davRequest({
    url: url.href,
    init: { method, headers: { depth, 'content-type': XML }, namespace: 'd', body },
    parseOutgoing: false,
    fetch: tsdavFetch(async (_, { headers = {}, body: xml = null }) => {
      const response = await http.fetch(url, { method, headers, body: xml, reader, ...limits });
      location = response.headers.get('location');
      return response;
    }),
  });
  multistatus?.end();
  return { url, status, location, precondition: error?.found() ?? null, found };
}

/** Hands over each `response` of a multistatus. Throws `protocol` for a page of HTML, and for what is cut off. */
function multistatusReader(request: string, onResponse: (response: XmlElement) => void): XmlReader {
  const reader = createXmlReader({
    longText: carddav('address-data'),
    onRoot: (name) => {
      if (name !== dav('multistatus')) throw new XmlError(`The root ${name}`);
    },
    onElement: (element) => {
      if (element.name === dav('response')) onResponse(element);
    },
  });
  const translated = (step: () => void): void => {
    try {
      step();
    } catch (cause) {
      if (!(cause instanceof XmlError)) throw cause;
      const message = `CardDAV: the answer to ${request} is no multistatus, or is cut off`;
      throw new MailroomError({ code: 'protocol', message, cause });
    }
  };
  return { write: (piece) => translated(() => reader.write(piece)), end: () => translated(reader.end) };
}

/** The error for a status that the protocol has no place for here. */
export function unexpected(
  method: string,
  { url, status, precondition }: Pick<DavAnswer<unknown>, 'url' | 'status' | 'precondition'>,
) {
  const detail = precondition === null ? '' : ` (${precondition})`;
  return new MailroomError({
    code: 'protocol',
    message: `CardDAV: ${method} ${printable(url)} was answered with HTTP ${status}${detail}`,
  });
}
