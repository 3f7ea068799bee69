/**
 * Whether a name may stand in a message: it is written as options are. In a line that was broken in
 * two, or by a password with a `%(` in it, anything else may be a part of a secret.
 */
export function isTellable(name: string): boolean {
  return /^[a-z][a-z0-9_-]*$/.test(name);
}
