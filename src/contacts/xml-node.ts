/**
 * Elements as tsdav hands them on: text alone as a string, a number or a boolean (it takes what looks like one for one),
 * everything else as an object with the children's names in camel case; several children of a name as an array.
 */
export type XmlNode = unknown;

/** The text of an element, CDATA sections joined. '' where there is none. */
export function textOf(node: XmlNode): string {
  if (typeof node === 'string' || typeof node === 'number' || typeof node === 'boolean') return String(node);
  const pieces = child(node, '_cdata') ?? child(node, '_text');
  return asArray(pieces).map(String).join('');
}

export function child(node: XmlNode, name: string): XmlNode {
  return typeof node === 'object' && node !== null ? (node as Record<string, unknown>)[name] : undefined;
}

export function children(node: XmlNode, name: string): readonly XmlNode[] {
  return asArray(child(node, name));
}

/** True for `<a><name/></a>`. */
export function hasChild(node: XmlNode, name: string): boolean {
  return child(node, name) !== undefined;
}

/** Several elements of a name come as an array, one alone does not. */
export function asArray(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
