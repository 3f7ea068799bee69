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
  const known = marks.get(voters);
  if (known?.quorum === quorum) return known.mark;
  const mark = markOf([...voters, quorum].join(" "));
  marks.set(voters, { quorum, mark });
  return mark;
}

// Each datagram asks for the mark, and a list changes with a reload at most.
const marks = new WeakMap<readonly string[], { readonly quorum: number; readonly mark: string }>();

function markOf(text: string): string {
  let hash = offsetBasis;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, prime);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
