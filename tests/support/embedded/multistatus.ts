import type { CardStore } from './card-store';
import { homeOf, type Place, principalOf } from './dav-places';
import { cdata, escapeXml } from './xml';

/** A property's value: text, text as CDATA, or elements. */
export type PropertyValue = { readonly text: string } | { readonly cdata: string } | { readonly xml: string };

export type PropertyValues = Readonly<Record<string, PropertyValue>>;

/** The namespace prefix of each property that is not WebDAV's own. */
const PREFIXES: Readonly<Record<string, string>> = {
  'address-data': 'C',
  'addressbook-home-set': 'C',
  'supported-address-data': 'C',
  'addressbook-description': 'C',
  'max-resource-size': 'C',
  getctag: 'CS',
};

const NAMESPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav" xmlns:CS="http://calendarserver.org/ns/"';

const RIGHTS = ['all', 'read', 'write', 'write-content', 'write-properties', 'bind', 'unbind']
  .map((right) => `<D:privilege><D:${right}/></D:privilege>`)
  .join('');
const VERSIONS = ['3.0', '4.0']
  .map((version) => `<C:address-data-type content-type="text/vcard" version="${version}"/>`)
  .join('');
const REPORTS = ['query', 'multiget']
  .map((report) => `<D:supported-report><D:report><C:addressbook-${report}/></D:report></D:supported-report>`)
  .join('');

export function multistatus(responses: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<D:multistatus ${NAMESPACES}>\n${responses.join('')}</D:multistatus>`;
}

/** One resource with the wanted properties: those that it has, and those that it has not (RFC 4918, section 9.1). */
export function responseOf(href: string, values: PropertyValues, wanted: readonly string[] | null): string {
  const names = wanted ?? Object.keys(values);
  const found = names.flatMap((name) => (values[name] === undefined ? [] : [render(name, values[name])]));
  const missing = names.filter((name) => values[name] === undefined).map((name) => `<${prefixed(name)}/>`);
  return `<D:response><D:href>${escapeXml(href)}</D:href>${propstat(found, '200 OK')}${propstat(missing, '404 Not Found')}</D:response>`;
}

/** One resource that is not there. */
export function statusOf(href: string, status: number): string {
  return `<D:response><D:href>${escapeXml(href)}</D:href><D:status>HTTP/1.1 ${status} Not Found</D:status></D:response>`;
}

/** The live properties of a place. */
export function propertiesOf(username: string, store: CardStore, place: Place): PropertyValues {
  const everywhere: PropertyValues = {
    'current-user-principal': hrefValue(principalOf(username)),
    'current-user-privilege-set': { xml: RIGHTS },
    owner: hrefValue(principalOf(username)),
  };
  switch (place.kind) {
    case 'principal':
      return {
        ...everywhere,
        'addressbook-home-set': hrefValue(homeOf(username)),
        displayname: { text: username },
        resourcetype: { xml: '<D:principal/>' },
      };
    case 'book':
      return {
        ...everywhere,
        resourcetype: { xml: '<D:collection/><C:addressbook/>' },
        displayname: { cdata: place.book.displayName },
        getctag: { text: String(store.state) },
        'sync-token': { text: `data:,${store.state}` },
        'supported-address-data': { xml: VERSIONS },
        'supported-report-set': { xml: REPORTS },
      };
    case 'card':
      return {
        ...everywhere,
        resourcetype: { xml: '' },
        getetag: { text: place.card?.etag ?? '' },
        getcontenttype: { text: 'text/vcard; charset=utf-8' },
      };
    default:
      return { ...everywhere, resourcetype: { xml: '<D:collection/>' } };
  }
}

function hrefValue(href: string): PropertyValue {
  return { xml: `<D:href>${escapeXml(href)}</D:href>` };
}

function render(name: string, value: PropertyValue): string {
  const content = 'xml' in value ? value.xml : 'cdata' in value ? cdata(value.cdata) : escapeXml(value.text);
  return `<${prefixed(name)}>${content}</${prefixed(name)}>`;
}

function prefixed(name: string): string {
  return `${PREFIXES[name] ?? 'D'}:${name}`;
}

function propstat(properties: readonly string[], status: string): string {
  if (properties.length === 0) return '';
  return `<D:propstat><D:prop>${properties.join('')}</D:prop><D:status>HTTP/1.1 ${status}</D:status></D:propstat>`;
}
