/** The message of a thrown value, whatever it is: of an error its own, of anything else its text. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : `${error}`;
}
