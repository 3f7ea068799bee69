/** Whether the lease decides who is lord (`legion-lease`): where it can, always, or never. */
export const leaseUses = ["auto", "on", "off"] as const;

/** One of {@link leaseUses}. */
export type LeaseUse = typeof leaseUses[number];
