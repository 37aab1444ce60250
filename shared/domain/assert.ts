/** Stops the program when something that can only be a programming error has happened; also runs in browsers and workflows. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
