import sax, { type SAXOptions } from 'sax';
import { type ByteText, toBytes } from './bytes';

/** A whole element (XML 1.0; Namespaces in XML 1.0). */
export interface XmlElement {
  /** As `{namespace}name`, whatever prefix it has; `{}name` without a namespace. */
  readonly name: string;
  /** By name as written. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own character data in UTF-8, CDATA sections joined. */
  readonly text: ByteText;
}

/** What is no well-formed XML document, or not one that anybody would send in earnest. */
export class XmlError extends Error {
  override readonly name = 'XmlError';
}

export interface XmlReading {
  /** Hears each element in the root when it is whole. The root's own text is not kept. */
  readonly onElement: (element: XmlElement) => void;
  /** Qualified name of the elements whose text may be of any length. That of all others may have 65,536 characters. */
  readonly longText?: string;
  /** Hears the root's name before anything else; may throw. */
  readonly onRoot?: (name: string) => void;
}

/** Takes a document piece by piece, in UTF-8. Both throw {@link XmlError}, and what `onElement` throws. */
export interface XmlReader {
  readonly write: (piece: Buffer) => void;
  /** To be called behind the last piece: a document may be cut off. */
  readonly end: () => void;
}

/** An element that is not closed yet. */
interface OpenElement {
  readonly name: string;
  readonly scope: Scope;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  readonly text: ByteText[];
  /** Characters that its text may have yet. */
  room: number;
}

/** The namespaces that an element declares; what it does not, is looked up outside. */
interface Scope {
  readonly declared: ReadonlyMap<string, string>;
  readonly outer: Scope | null;
}

/** Multistatus answers nest seven deep, and an element of theirs has a few dozen inside. More would only cost memory. */
const MOST_DEPTH = 64;
const MOST_ATTRIBUTES = 64;
const MOST_ELEMENTS = 10_000;
const MOST_TEXT = 65_536;
/** Characters that the parser gets at once: between two helpings it looks after its own limits. */
const HELPING = 65_536;
/** No entities but XML's own five: HTML's are no XML. */
const STRICT: SAXOptions & { readonly strictEntities: boolean } = { strictEntities: true };
const OUTERMOST: Scope = {
  declared: new Map([
    ['', ''],
    ['xml', 'http://www.w3.org/XML/1998/namespace'],
  ]),
  outer: null,
};

/**
 * Reads an XML document as it comes. Memory is that of one element, and time is in proportion to the document's length,
 * whatever it holds: nothing is expanded, and a document type is an error, as no answer of a server has one.
 */
export function createXmlReader({ longText, onElement, onRoot }: XmlReading): XmlReader {
  const decoder = new TextDecoder();
  const parser = sax.parser(true, STRICT);
  const open: OpenElement[] = [];
  let attributes = 0;
  let elements = 0;
  let roots = 0;
  let inCdata = false;
  let last = '';

  parser.onerror = ({ message }) => {
    throw new XmlError(message.split('\n', 1)[0]);
  };
  parser.ondoctype = refuseDeclaration;
  parser.onsgmldeclaration = refuseDeclaration;
  parser.onattribute = ({ name }) => {
    attributes += 1;
    // The parser asks the attributes that it has found so far for `hasOwnProperty`.
    if (attributes > MOST_ATTRIBUTES || name === 'hasOwnProperty') throw new XmlError('Senseless attributes');
  };
  parser.onopentag = (tag) => {
    attributes = 0;
    elements += 1;
    if (open.length === MOST_DEPTH || elements > MOST_ELEMENTS) throw new XmlError('Too many elements in one');
    // Without the option for namespaces, which is slow on hostile input, attributes are texts.
    const written = tag.attributes as Readonly<Record<string, string>>;
    const scope = scopeOf(written, open.at(-1)?.scope ?? OUTERMOST);
    const name = qualified(tag.name, scope);
    if (open.length === 0) {
      roots += 1;
      if (roots > 1) throw new XmlError('Two roots');
      onRoot?.(name);
    }
    const room = name === longText ? Number.POSITIVE_INFINITY : MOST_TEXT;
    open.push({ name, scope, attributes: written, children: [], text: [], room });
  };
  parser.ontext = keep;
  parser.oncdata = keep;
  parser.onopencdata = () => {
    inCdata = true;
  };
  parser.onclosecdata = () => {
    inCdata = false;
  };
  parser.onclosetag = () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const { name, attributes: own, children, text } = closed;
    const element = { name, attributes: own, children, text: text.join('') };
    if (open.length === 1) {
      elements = 0;
      onElement(element);
    } else open.at(-1)?.children.push(element);
  };

  /** A copy: a part of the parser's text would keep all of it. */
  function keep(text: string): void {
    const current = open.at(-1);
    if (current === undefined || open.length === 1) return;
    current.room -= text.length;
    if (current.room < 0) throw new XmlError('Too long a text');
    current.text.push(toBytes(text));
  }

  /** Cards come in CDATA, whose end begins with a bracket: the parser gets none of what is before it, letter by letter. */
  function parse(text: string): void {
    let start = 0;
    if (inCdata && last !== ']') {
      const bracket = text.indexOf(']');
      start = bracket < 0 ? text.length : bracket;
      parser.flush();
      keep(text.slice(0, start));
    }
    for (; start < text.length; start += HELPING) parser.write(text.slice(start, start + HELPING));
    last = text.at(-1) ?? last;
  }

  return {
    write: (piece) => parse(decoder.decode(piece, { stream: true })),
    end: () => {
      parse(decoder.decode());
      parser.close();
      if (roots === 0) throw new XmlError('No element');
    },
  };
}

function refuseDeclaration(): never {
  throw new XmlError('A declaration');
}

function scopeOf(attributes: Readonly<Record<string, string>>, outer: Scope): Scope {
  const declared = Object.entries(attributes).flatMap(([name, namespace]): [string, string][] => {
    if (name === 'xmlns') return [['', namespace]];
    return name.startsWith('xmlns:') ? [[name.slice('xmlns:'.length), namespace]] : [];
  });
  return declared.length === 0 ? outer : { declared: new Map(declared), outer };
}

function qualified(written: string, scope: Scope): string {
  const colon = written.indexOf(':');
  const prefix = colon < 0 ? '' : written.slice(0, colon);
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    const namespace = at.declared.get(prefix);
    if (namespace !== undefined) return `{${namespace}}${written.slice(colon + 1)}`;
  }
  throw new XmlError(`The prefix ${prefix} is not declared`);
}
