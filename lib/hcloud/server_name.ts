/** Whether a text may be the id or the name of a server, or `self`. */
export function isServerName(text: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(text);
}
