import type { BodyReader } from '../http/fetch';
import { dav } from './multistatus';
import { createXmlReader, XmlError } from './xml-reader';

/** The precondition that credentials without the right for it fail (RFC 3744, section 7.1.1). */
export const NO_PRIVILEGE = 'need-privileges';

export interface PreconditionReader {
  readonly write: BodyReader;
  /** Name of the first precondition, without its namespace; null where there is none so far. */
  readonly found: () => string | null;
}

/** Looks for the precondition that was not met (RFC 4918, section 16) in the body of an error, whatever that is. */
export function createPreconditionReader(): PreconditionReader {
  let found: string | null = null;
  let isOver = false;
  const reader = createXmlReader({
    onRoot: (name) => {
      if (name !== dav('error')) throw new XmlError('No error of WebDAV');
    },
    onElement: ({ name }) => {
      found ??= name.slice(name.indexOf('}') + 1);
    },
  });
  return {
    write: (piece) => {
      if (isOver) return;
      try {
        reader.write(piece);
      } catch {
        isOver = true;
      }
    },
    found: () => found,
  };
}
