// The runtime reads its certificates once, at the first use of TLS, from where this says.
const variable = "DENO_TLS_CA_STORE";

/**
 * Begins something with TLS so that the system's certificates are trusted, and none besides: those of
 * `SSL_CERT_FILE` and `SSL_CERT_DIR`, else those in the places that the distributions use. The
 * runtime would take the certificates that it brings along. Those are better than nothing where the
 * system has no store, as in an empty container.
 *
 * @param begin begins at once, in the call itself
 */
export async function withTrustedStore<T>(begin: () => Promise<T>): Promise<T> {
  try {
    return await withStore("system", begin);
  } catch (error) {
    if (!/platform certificates/.test(String(error))) throw error;
    return await withStore("mozilla", begin);
  }
}

/**
 * Reads the certificates to trust, unless they are read: for the TLS of `node:tls`, which would have
 * the runtime read its own.
 *
 * @throws Error when the system's store cannot be read
 */
export async function readTrustedStore(): Promise<void> {
  await withTrustedStore(() => Promise.resolve(Deno.createHttpClient({}).close()));
}

/** The variable is set for no longer than that, since hooks and checks inherit what is set. */
function withStore<T>(store: string, begin: () => Promise<T>): Promise<T> {
  const before = Deno.env.get(variable);
  Deno.env.set(variable, store);
  try {
    return begin();
  } finally {
    if (before === undefined) Deno.env.delete(variable);
    else Deno.env.set(variable, before);
  }
}
