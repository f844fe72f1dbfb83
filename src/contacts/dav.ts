import { davRequest } from 'tsdav';
import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import { printable } from '../http/confidential';
import { textOf, type XmlNode } from './xml-node';

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

export interface DavAnswer {
  readonly url: URL;
  readonly status: number;
  /** Where a redirect points. */
  readonly location: string | null;
  /** Name of the precondition that was not met (RFC 4918, section 16). */
  readonly precondition: string | null;
  /** Empty unless the status is 207. */
  readonly elements: readonly DavElement[];
}

/** The precondition that credentials without the right for it fail (RFC 3744, section 7.1.1). */
export const NO_PRIVILEGE = 'need-privileges';

/** Sends a request whose answer is a multistatus. Every status but those that the HTTP client throws for is an answer. */
export async function davAnswer(http: HttpClient, { method, url, depth, body }: DavRequest): Promise<DavAnswer> {
  let status = 0;
  let location: string | null = null;
  let text = '';
  const parsed = await davRequest({
    url: url.href,
    init: { method, headers: { depth }, body },
    convertIncoming: false,
    fetch: async (input, init) => {
      const response = await http.fetch(String(input), init);
      ({ status } = response);
      location = response.headers.get('location');
      text = await response.text();
      // tsdav takes a page of HTML, and a multistatus that is cut off, for an answer without elements.
      if (status === 207 && !/<\/([\w.-]+:)?multistatus\s*>\s*$/.test(text)) throw notXml(method, url);
      return new Response(status === 207 ? text : null, { status, headers: { 'content-type': 'application/xml' } });
    },
  });
  const elements = status === 207 ? parsed.filter(({ raw }) => isMultistatus(raw, method, url)) : [];
  return {
    url,
    status,
    location,
    precondition: preconditionOf(text),
    elements: elements
      .filter(({ href }) => href !== undefined)
      .map(({ href, status: own, props }) => ({
        url: resolve(textOf(href), url),
        status: own,
        properties: props ?? {},
      })),
  };
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
export function unexpected(method: string, { url, status, precondition }: Omit<DavAnswer, 'elements' | 'location'>) {
  const detail = precondition === null ? '' : ` (${precondition})`;
  return new MailroomError({
    code: 'protocol',
    message: `CardDAV: ${method} ${printable(url)} was answered with HTTP ${status}${detail}`,
  });
}

function isMultistatus(raw: XmlNode, method: string, url: URL): boolean {
  if (typeof raw === 'object' && raw !== null && 'multistatus' in raw) return true;
  throw notXml(method, url);
}

function notXml(method: string, url: URL): MailroomError {
  return new MailroomError({
    code: 'protocol',
    message: `CardDAV: the answer to ${method} ${printable(url)} is no XML, or is cut off`,
  });
}
