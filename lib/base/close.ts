/** Closes a connection or a listener, if there is one; being closed already is no error. */
export function close(resource?: { close(): void }): void {
  try {
    resource?.close();
  } catch {
    // A client that was too slow has been closed by its timer.
  }
}
