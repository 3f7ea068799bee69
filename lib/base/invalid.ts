/**
 * A value that is wrong: the message says what would be right. It holds nothing of the value: where
 * a part was left out or a comma not escaped, any word of it may be the secret.
 */
export class Invalid extends Error {
  override readonly name = "Invalid";
}
