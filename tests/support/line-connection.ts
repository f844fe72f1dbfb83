import { connect, type NetConnectOpts } from 'node:net';
import { createInterface } from 'node:readline';

/** A conversation in lines, as IMAP and LMTP are. */
export interface LineConnection {
  /** Sends the text as it is and reads lines up to the first one that `last` fits; that one is the answer. */
  ask(text: string | Buffer, last: RegExp): Promise<string>;
  close(): void;
}

export async function connectByLines(where: NetConnectOpts): Promise<LineConnection> {
  const socket = connect({ ...where, noDelay: true });
  const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return {
    async ask(text, last) {
      socket.write(text);
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error(`The server hung up instead of answering ${last}`);
        if (last.test(value)) return value;
      }
    },
    close: () => socket.destroy(),
  };
}
