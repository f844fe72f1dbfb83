import { davRequest } from 'tsdav';
import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import { printable } from '../http/confidential';
import { isWholeMultistatus, pieces } from './multistatus';
import { asArray, hasChild, textOf, type XmlNode } from './xml-node';

export interface DavRequest {
  readonly method: 'PROPFIND' | 'REPORT';
  readonly url: URL;
  readonly depth: '0' | '1';
  /** XML. */
  readonly body: string;
}

/** One `response` of a multistatus (RFC 4918, section 14.24). */
export interface DavElement {
  readonly url: URL;
  /** 207 where the element as a whole has none. */
  readonly status: number;
  /** The properties that are there, by name in camel case. */
  readonly properties: Readonly<Record<string, XmlNode>>;
}

export interface DavAnswer<T> {
  readonly url: URL;
  readonly status: number;
  /** Where a redirect points. */
  readonly location: string | null;
  /** Name of the precondition that was not met (RFC 4918, section 16). */
  readonly precondition: string | null;
  /** What was read out of the elements. Empty unless the status is 207. */
  readonly found: readonly T[];
}

/** The precondition that credentials without the right for it fail (RFC 3744, section 7.1.1). */
export const NO_PRIVILEGE = 'need-privileges';

/**
 * Sends a request whose answer is a multistatus, and reads each of its elements; what `read` has no use for (null) takes
 * no memory. Every status but those that the HTTP client throws for is an answer.
 */
export async function davAnswer<T>(
  http: HttpClient,
  { method, url, depth, body }: DavRequest,
  read: (element: DavElement) => T | null,
): Promise<DavAnswer<T>> {
  const headers = { depth, 'content-type': 'application/xml; charset=utf-8' };
  const response = await http.fetch(url, { method, headers, body });
  const { status } = response;
  const location = response.headers.get('location');
  const text = await response.text();
  if (status !== 207) return { url, status, location, precondition: preconditionOf(text), found: [] };
  const found: T[] = [];
  for (const piece of pieces(text)) {
    for (const element of await elements(piece, method, url)) {
      const value = read(element);
      if (value !== null) found.push(value);
    }
  }
  return { url, status, location, precondition: null, found };
}

/** tsdav takes a page of HTML, and a multistatus that is cut off, for an answer without elements: neither gets so far. */
async function elements(xml: string, method: DavRequest['method'], url: URL): Promise<readonly DavElement[]> {
  const parsed = await davRequest({
    url: url.href,
    init: { method, body: '' },
    convertIncoming: false,
    fetch: async () => new Response(xml, { status: 207, headers: { 'content-type': 'application/xml' } }),
  });
  if (!isWholeMultistatus(xml) || !parsed.every(({ raw }) => hasChild(raw, 'multistatus'))) {
    throw new MailroomError({
      code: 'protocol',
      message: `CardDAV: the answer to ${method} ${printable(url)} is no XML, or is cut off`,
    });
  }
  return parsed.flatMap(({ href, status, props }) =>
    asArray(href).map((each) => ({ url: resolve(textOf(each), url), status, properties: props ?? {} })),
  );
}

/** Name of the first precondition in the body of an error; null without one. */
export function preconditionOf(body: string): string | null {
  return /<(?:[\w.-]+:)?error[^>]*>\s*<(?:[\w.-]+:)?([\w.-]+)/.exec(body)?.[1] ?? null;
}

/** An href or a Location as a URL (RFC 4918, section 8.3: absolute or relative). @throws MailroomError `protocol` */
export function resolve(reference: string, base: URL): URL {
  if (reference !== '' && URL.canParse(reference, base.href)) return new URL(reference, base);
  throw new MailroomError({
    code: 'protocol',
    message: `CardDAV: ${printable(base)} names a resource without a usable address`,
  });
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
