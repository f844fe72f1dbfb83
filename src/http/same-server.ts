/**
 * True where `url` is on the server that `home` names: the same origin, or a host that is a strict subdomain of its
 * host, by the same scheme and port. Mail providers send accounts to the host of a region (`phl.api.fastmail.com`).
 * Hosts compare as `URL` spells them, in lower case and punycode, and with or without the dot at their end.
 *
 * A name without a dot has no subdomains: what stands before `localhost`, or before `dev` where a search domain completes
 * it, may be anybody's. An IP address has none either, as no URL has one with more in front of it.
 */
export function isSameServer(url: URL, home: URL): boolean {
  const [host, homeHost] = [hostOf(url), hostOf(home)];
  const labels = host.endsWith(`.${homeHost}`) ? host.slice(0, -homeHost.length - 1).split('.') : [''];
  const isSubdomain = homeHost.includes('.') && !labels.includes('');
  return url.protocol === home.protocol && url.port === home.port && (host === homeHost || isSubdomain);
}

function hostOf({ hostname }: URL): string {
  return hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
}
