import { MailroomError } from '../errors';
import type { HttpClient } from '../http/client';
import { printable } from '../http/confidential';

/**
 * A reference of a server as a URL (RFC 4918, section 8.3: absolute or relative), wherever it leads.
 *
 * @throws MailroomError `protocol` for what is no address of http or https, or has user information in it
 */
export function resolveReference(reference: string, base: URL): URL {
  const url = reference !== '' && URL.canParse(reference, base.href) ? new URL(reference, base) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '')
    return url;
  throw new MailroomError({
    code: 'protocol',
    message: `CardDAV: ${base.host} answers ${printable(base)} with a resource without a usable address`,
  });
}

/** {@link resolveReference} for an href, which is on the server that was asked. @throws MailroomError `protocol` */
export function resolveHref(reference: string, base: URL, http: HttpClient): URL {
  const url = resolveReference(reference, base);
  if (http.isSameServer(url)) return url;
  throw new MailroomError({
    code: 'protocol',
    message: `CardDAV: ${base.host} answers ${printable(base)} with a resource at ${url.origin}, which is another server`,
  });
}

/**
 * {@link resolveHref} for a member of a collection, or the collection itself: what a server shows of one collection is
 * never looked for in another one, which may be somebody else's.
 *
 * @throws MailroomError `protocol`
 */
export function resolveMember(reference: string, collection: URL, http: HttpClient): URL {
  const url = resolveHref(reference, collection, http);
  if (isWithin(url, collection)) return url;
  throw new MailroomError({
    code: 'protocol',
    message: `CardDAV: ${collection.host} answers ${printable(collection)} with ${printable(url)}, which is outside of it`,
  });
}

/** Compares whole segments, whatever of them is percent-encoded; a server may decode what hides `..`. */
function isWithin(url: URL, collection: URL): boolean {
  const [inner, outer] = [segmentsOf(url), segmentsOf(collection)];
  if (outer.at(-1) === '') outer.pop();
  return (
    outer.every((segment, index) => segment === inner[index]) &&
    !inner.some((segment) => segment.split(/[/\\]/).includes('..'))
  );
}

function segmentsOf({ pathname }: URL): string[] {
  return pathname.split('/').map((segment) => {
    try {
      return decodeURIComponent(segment);
    } catch {
      return segment;
    }
  });
}
