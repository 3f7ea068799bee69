/**
 * A value that is wrong: the message says what would be right. The message holds nothing of the
 * value: where a part was left out or a comma not escaped, any word of the value may be the secret.
 */
export class Invalid extends Error {
  /** Always `Invalid`. */
  override readonly name = "Invalid";
}
