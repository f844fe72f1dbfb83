/**
 * The address that an EMAIL property means, whatever is around it: space, a name before angle brackets, or `mailto:`
 * (RFC 6068), as `VALUE=uri` has it.
 */
export function addressIn(value: string): string {
  const text = value.trim();
  const bare = /<([^<>]*)>$/.exec(text)?.[1]?.trim() ?? text;
  if (!/^mailto:/i.test(bare)) return bare;
  const [address = ''] = bare.slice('mailto:'.length).split('?', 1);
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
}
