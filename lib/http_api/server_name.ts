/**
 * Whether a text can be the name by which an API calls a server. A path of dots cannot: it would lead
 * to another request than the one that is meant.
 */
export function isServerName(text: string): boolean {
  return /^[!-~]{1,40}$/.test(text) && !/^\.{1,2}$|["']/.test(text);
}
