import { isSameServer } from '../../src/http/same-server';

const HOME = 'https://api.fastmail.com/jmap/session';

describe('the same server', () => {
  it.each([
    ['another path', HOME, 'https://api.fastmail.com/jmap/api/'],
    ['the host of a region', HOME, 'https://phl.api.fastmail.com/jmap/api/'],
    ['a host below that', HOME, 'https://a.phl.api.fastmail.com/'],
    ['upper case', HOME, 'https://PHL.API.Fastmail.COM/'],
    ['a dot at its end', HOME, 'https://phl.api.fastmail.com./'],
    ['a dot at the end of the configured host', 'https://api.fastmail.com./', 'https://phl.api.fastmail.com/'],
    ['the port that the scheme has anyhow', HOME, 'https://phl.api.fastmail.com:443/'],
    ['the same other port', 'https://mail.example:8443/', 'https://a.mail.example:8443/'],
    ['a name in another script, in punycode', 'https://müller.example/', 'https://phl.xn--mller-kva.example/'],
    ['an IP address', 'https://10.0.0.1/', 'https://10.0.0.1/jmap'],
    ['this machine', 'http://localhost:8080/', 'http://localhost:8080/jmap'],
  ])('is %s', (_, home, url) => {
    expect(isSameServer(new URL(url), new URL(home))).toBe(true);
  });

  it.each([
    ['a host that merely ends alike', HOME, 'https://evilapi.fastmail.com/'],
    ['a host that merely begins alike', HOME, 'https://api.fastmail.com.evil.example/'],
    ['the host above', HOME, 'https://fastmail.com/'],
    [
      'the host of a region, where another region is configured',
      'https://phl.fastmail.com/',
      'https://syd.fastmail.com/',
    ],
    ['another port', HOME, 'https://phl.api.fastmail.com:8443/'],
    ['plain http', HOME, 'http://phl.api.fastmail.com/'],
    ['plain http on the port of https', HOME, 'http://api.fastmail.com:443/'],
    ['a host in the user name', HOME, 'https://phl.api.fastmail.com@evil.example/'],
    ['an empty label', HOME, 'https://.api.fastmail.com/'],
    ['an empty label further in', HOME, 'https://a..api.fastmail.com/'],
    ['two dots at the end', HOME, 'https://api.fastmail.com../'],
    ['a name before this machine’s', 'http://localhost:8080/', 'http://evil.localhost:8080/'],
    ['a name before one that a search domain completes', 'https://dev/', 'https://evil.dev/'],
    ['another IP address', 'https://10.0.0.1/', 'https://10.0.0.2/'],
    ['another name of this machine', 'http://127.0.0.1:8080/', 'http://localhost:8080/'],
    ['another IPv6 address', 'https://[::1]/', 'https://[::2]/'],
  ])('is not %s', (_, home, url) => {
    expect(isSameServer(new URL(url), new URL(home))).toBe(false);
  });

  it('has no room for a name before an IP address', () => {
    expect(URL.canParse('https://evil.10.0.0.1/')).toBe(false);
    expect(URL.canParse('https://evil.[::1]/')).toBe(false);
  });
});
