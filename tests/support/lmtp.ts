import { connectByLines } from './line-connection';

/** Delivers a message by LMTP (RFC 2033), on a port of the loopback that asks for no login. */
export async function deliverByLmtp(port: number, recipient: string, rawMessage: string | Buffer): Promise<void> {
  const lmtp = await connectByLines({ host: '127.0.0.1', port });
  const dotted = Buffer.from(rawMessage).toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^\./gm, '..');
  const steps: readonly (readonly [string, RegExp])[] = [
    ['', /^220 /],
    ['LHLO localhost\r\n', /^250 /],
    ['MAIL FROM:<>\r\n', /^250 /],
    [`RCPT TO:<${recipient}>\r\n`, /^250 /],
    ['DATA\r\n', /^354 /],
    [`${dotted}\r\n.\r\n`, /^250 /],
  ];
  try {
    for (const [text, wanted] of steps) {
      const answer = await lmtp.ask(Buffer.from(text, 'latin1'), /^\d{3} /);
      if (!wanted.test(answer)) throw new Error(`LMTP: ${answer}`);
    }
  } finally {
    lmtp.close();
  }
}
