import { foldAddress, isWholeDomain } from './address';
import { isCardText } from './card-text';
import type { Message } from './message';

/**
 * The sender of a message: its `From` address, folded. Null when that is no address, and when there are several: any of
 * them may be there to deceive (`From: bank@bank.example <thief@evil.example>` is two). `*@bank.example` is nobody either:
 * a contact with that address would stand for everybody at that domain.
 */
export function senderOf(message: Message): string | null {
  const [sender, ...others] = addressesOf(message);
  return sender !== undefined && others.length === 0 && isAddress(sender) && !isWholeDomain(sender) ? sender : null;
}

/** The different `From` addresses of a message, folded, in their order; what is no address among them, too. */
export function addressesOf({ from }: Message): readonly string[] {
  return [...new Set(from?.map(({ email }) => foldAddress(email)))];
}

/** The display name of the first `From` address, as written; null without one. */
export function displayNameOf({ from }: Message): string | null {
  return from?.[0]?.name ?? null;
}

/**
 * An address is text around an `@`, and has to fit into a card, where it is read as itself: what seems to be written
 * around an address (space, brackets, `mailto:`) would be taken off there, and make it somebody else's.
 */
export function isAddress(text: string): boolean {
  return isCardText(text) && text === text.trim() && /^(?!mailto:).+@[^@]*[^@>]$/isu.test(text);
}
