import type { Membership } from "./membership.ts";
import type { LegionOptions } from "./options.ts";

/**
 * Whether the lease decides who is lord, and not uWSGI's rule (LEASE.md, rule 1): uWSGI's nodes can
 * support nobody, and without a list there are no voters.
 */
export function isLeased(
  { lease, voters }: Pick<LegionOptions, "lease" | "voters">,
  { seqless }: Pick<Membership, "seqless">,
): boolean {
  if (lease === "off" || voters.length === 0) return false;
  return lease === "on" || seqless === undefined;
}
