/** A method-level error (RFC 8620, section 3.6.2): the type, and what else the answer says. */
export class MethodError extends Error {
  override readonly name = 'MethodError';
  readonly details: object;

  constructor(type: string, details: object = {}) {
    super(type);
    this.details = details;
  }
}

/** Why one item of a /set was refused (RFC 8620, section 5.3). */
export interface SetError {
  readonly type: string;
  readonly properties?: readonly string[];
}

export type Arguments = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The ids of a /get; null where all are wanted. */
export function wantedIds({ ids }: Arguments): readonly string[] | null {
  if (ids === undefined || ids === null) return null;
  if (Array.isArray(ids) && ids.every((id) => typeof id === 'string')) return ids;
  throw new MethodError('invalidArguments', { arguments: ['ids'] });
}

/** The named properties, and the id. */
export function select<Item extends { readonly id: string }>(item: Item, { properties }: Arguments): object {
  if (properties === undefined || properties === null) return item;
  const entries = Object.entries(item);
  const wanted = properties as readonly string[];
  const unknown = wanted.filter((name) => !(name in item));
  if (unknown.length > 0)
    throw new MethodError('invalidArguments', { arguments: unknown.map((name) => `properties/${name}`) });
  return Object.fromEntries(entries.filter(([name]) => name === 'id' || wanted.includes(name)));
}

/** The item map of a /set argument. */
export function itemsOf(args: Arguments, name: string): readonly (readonly [string, Arguments])[] {
  const items = args[name] ?? {};
  if (!isRecord(items)) throw new MethodError('invalidArguments', { arguments: [name] });
  return Object.entries(items) as readonly (readonly [string, Arguments])[];
}

/** As servers send it: null where there is nothing. */
export function orNull(items: Readonly<Record<string, unknown>>): object | null {
  return Object.keys(items).length === 0 ? null : items;
}
