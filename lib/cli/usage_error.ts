/** A wrong command line: the message says what is wrong and what would be right. */
export class UsageError extends Error {
  /** The name of the class. */
  override readonly name = "UsageError";
}
