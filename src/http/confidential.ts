/** True for hosts that are this machine: 127.0.0.0/8, ::1 and `localhost`, as `URL` spells them. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** True where credentials may go: over https, and over plain http to this machine alone. */
export function isConfidential(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

/** The URL as messages show it: without query, fragment and any user information. */
export function printable(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

/** True where the text can go into a header at all: `fetch` would quote it, a token even, in its error otherwise. */
export function isHeaderValue(text: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
}
