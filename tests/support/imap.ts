import { connectByLines } from './line-connection';

/** A conversation in IMAP (RFC 3501), one command after the other. */
export interface Imap {
  /** Sends the command of these parts, and gives the line that ends the answer: `a OK …` where it worked. */
  command(...parts: readonly (string | Buffer)[]): Promise<string>;
  close(): void;
}

/** Opens it on a port of the loopback, and comes back when the server has greeted. */
export async function connectByImap(port: number): Promise<Imap> {
  const { ask, close } = await connectByLines({ host: '127.0.0.1', port });
  await ask('', /^\* OK /);
  return {
    command: (...parts) => ask(Buffer.concat(['a ', ...parts, '\r\n'].map((part) => Buffer.from(part))), /^a /),
    close,
  };
}
