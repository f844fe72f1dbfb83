/** A mailbox name in modified UTF-7 (RFC 3501, section 5.1.3): what IMAP servers keep, and printable ASCII throughout. */
export function modifiedUtf7(name: string): string {
  return name.replaceAll('&', '&-').replace(/[^\x20-\x7e]+/g, (run) => {
    const utf16 = Buffer.from(run, 'utf16le').swap16();
    return `&${utf16.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
  });
}
