import type { Book, CardStore, StoredCard } from './card-store';

/** What a path leads to. */
export type Place =
  | { readonly kind: 'root' | 'principal' | 'home' | 'missing-book'; readonly href: string }
  | { readonly kind: 'book'; readonly href: string; readonly book: Book }
  | {
      readonly kind: 'card';
      readonly href: string;
      readonly book: Book;
      readonly name: string;
      /** Undefined where nothing is stored under this name yet. */
      readonly card: StoredCard | undefined;
    };

export function principalOf(username: string): string {
  return `/dav/principals/user/${username}/`;
}

export function homeOf(username: string): string {
  return `/dav/addressbooks/user/${username}/`;
}

/** The place at this path; undefined where there is none that the user may see. */
export function placeAt(username: string, store: CardStore, path: string): Place | undefined {
  const steps = stepsOf(path);
  if (steps === undefined) return undefined;
  if (steps.length < 3) return { kind: 'root', href: path };
  const [, area, kind, owner, bookName, name] = steps;
  if (kind !== 'user' || owner !== username) return undefined;
  if (area === 'principals') return { kind: 'principal', href: principalOf(username) };
  if (bookName === undefined) return { kind: 'home', href: homeOf(username) };
  const href = `${homeOf(username)}${encodeURIComponent(bookName)}/`;
  const book = store.books.get(bookName);
  if (book === undefined) return name === undefined ? { kind: 'missing-book', href } : undefined;
  if (name === undefined) return { kind: 'book', href, book };
  return { kind: 'card', href: href + encodeURIComponent(name), book, name, card: book.cards.get(name) };
}

/** Undefined where the path is in no encoding of URLs. */
function stepsOf(path: string): readonly string[] | undefined {
  if (decodedPath(path) === undefined) return undefined;
  return path
    .split('/')
    .filter((step) => step !== '')
    .map(decodeURIComponent);
}

/** Undefined where the path is in no encoding of URLs. */
export function decodedPath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
