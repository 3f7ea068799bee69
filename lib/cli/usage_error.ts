/** A wrong command line: the message says what is wrong and what would be right. */
export class UsageError extends Error {
  /** The name of the class. */
  override readonly name = "UsageError";

  /**
   * Makes the error.
   *
   * @param hints lines to print below the message, such as commands to type
   */
  constructor(message: string, readonly hints: readonly string[] = []) {
    super(message);
  }
}
