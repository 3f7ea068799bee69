/**
 * Whether a name may stand in a message, which is so when it is spelled like an option. Any other
 * may be a part of a secret: of a line broken in two, or of a password with a `%(` in it.
 */
export function isTellable(name: string): boolean {
  return /^[a-z][a-z0-9_-]*$/.test(name);
}
