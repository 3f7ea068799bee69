let seeded: Promise<unknown> | undefined;

/**
 * Seeds the random numbers of the runtime's TLS, once in a process. That takes the first of its users
 * 50 ms, in which the processor's own unsteadiness is measured; a first handshake would have the
 * whole process wait meanwhile. A key is made on another thread, which the process does not notice.
 */
export async function seedTls(): Promise<void> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  // Without it the first handshake does the same.
  seeded ??= crypto.subtle.generateKey(algorithm, false, ["sign"]).catch(() => {});
  await seeded;
}
