// FNV-1a, 32 bits: its offset basis and its prime.
const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;

/**
 * The mark of a list of voters and a quorum: 8 hex digits, the same at all nodes that are configured
 * alike (LEASE.md, "On the wire"). Meant against mistakes, not against malice: nobody who knows the
 * legion's secret needs to forge a mark.
 *
 * @param voters the listed nodes, `host:port` in normal form, sorted
 * @param quorum votes needed for a lord
 */
export function configMark(voters: readonly string[], quorum: number): string {
  let hash = offsetBasis;
  for (const byte of new TextEncoder().encode([...voters, quorum].join(" "))) {
    hash = Math.imul(hash ^ byte, prime);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
