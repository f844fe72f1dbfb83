const BETWEEN_LOOKS_MS = 50;

/**
 * Looks again and again until `look` gives something, and returns that.
 *
 * @param what names the awaited condition in the error that ends the waiting after `withinMs` milliseconds.
 * @param look gives undefined, or rejects, as long as the condition does not hold.
 */
export async function until<T>(what: () => string, look: () => Promise<T | undefined>, withinMs = 20_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    let cause: unknown;
    try {
      const found = await look();
      if (found !== undefined) return found;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > deadline) throw new Error(`waited ${withinMs} ms in vain: ${what()}`, { cause });
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
}
