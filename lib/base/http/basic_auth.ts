/** The credentials as a request carries them: Base64 of `username:password` in UTF-8 (RFC 7617). */
export function basic(username: string, password: string): string {
  return new TextEncoder().encode(`${username}:${password}`).toBase64();
}
