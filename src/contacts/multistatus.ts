import { fromBytes } from './bytes';
import type { XmlElement } from './xml-reader';

/** A name in WebDAV's own namespace. */
export const dav = (name: string): string => `{DAV:}${name}`;

/** A name in CardDAV's namespace (RFC 6352, section 4). */
export const carddav = (name: string): string => `{urn:ietf:params:xml:ns:carddav}${name}`;

/** One `response` of a multistatus (RFC 4918, section 14.24). */
export interface DavResponse {
  /** As written; several where they share a status. */
  readonly hrefs: readonly string[];
  /** 207 where the response as a whole has none. */
  readonly status: number;
  /** The properties that are there, by their qualified names. */
  readonly properties: ReadonlyMap<string, XmlElement>;
}

export function readResponse(response: XmlElement): DavResponse {
  const found = children(response, dav('propstat')).filter((propstat) => isSuccess(statusOf(propstat) ?? 200));
  const properties = found.flatMap((propstat) => children(propstat, dav('prop')).flatMap((prop) => prop.children));
  return {
    hrefs: children(response, dav('href')).map(textOf),
    status: statusOf(response) ?? 207,
    properties: new Map(properties.map((property) => [property.name, property])),
  };
}

export function children(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

export function hasChild(element: XmlElement | undefined, name: string): boolean {
  return children(element, name).length > 0;
}

/** The text of an element, without the space around it; '' where there is none. */
export function textOf(element: XmlElement | undefined): string {
  return fromBytes(element?.text ?? '').trim();
}

/** The status of a `status` element (RFC 9112, section 4); undefined without a usable one. */
function statusOf(element: XmlElement): number | undefined {
  const [status] = children(element, dav('status'));
  const [, digits] = /^\S+ +(\d{3})(?!\d)/.exec(textOf(status)) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
