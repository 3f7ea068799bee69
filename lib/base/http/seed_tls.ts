/**
 * Seeds the random numbers of the runtime's TLS. That takes the first of its users 50 ms, in which
 * the processor's own unsteadiness is measured; a first handshake would have the whole process wait
 * meanwhile. A key is made on another thread, which the process does not notice.
 */
export async function seedTls(): Promise<void> {
  await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
}
