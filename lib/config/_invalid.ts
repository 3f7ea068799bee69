/** A value that is wrong: the message says what would be right, and never holds a secret. */
export class Invalid extends Error {
  override readonly name = "Invalid";
}
