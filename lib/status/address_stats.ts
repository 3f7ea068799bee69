// The failover addresses in the status: where they point, and how they came there.

/** A failover address, as it was last seen. */
export interface AddressStats {
  /** The failover address. */
  readonly ip: string;
  /** The server it is to point to while this node is lord. */
  readonly wanted: string;
  /**
   * The name of the provider that moves the address (`Provider.name` of lib/move/provider.ts);
   * `device`: the lord has it on a device of its own.
   */
  readonly provider: string;
  /**
   * The server it pointed to; null: none, or not seen yet. Of an address on a device: the address of
   * the node that has it, or the hardware address of another machine that answers for it.
   */
  readonly points_to: string | null;
  /** The same as `points_to`, by the name it had when there was one provider. */
  readonly active_server_ip: string | null;
  /** When that was seen, in wall clock seconds; 0: never. */
  readonly seen: number;
  /** The name of the node that saw it: this one, or a lord that told it; empty: never seen. */
  readonly seen_by: string;
  /** The name of a node that became lord after that, so that it may be old; empty: none has. */
  readonly taken_over_by: string;
  /** The problem with this node's own last look or takeover; empty: none. */
  readonly problem: string;
}

/** An address of a lord hook that is on no interface of this server. */
export interface MisplacedStats {
  /**
   * - `another server`: the server to route to (`active_ip`) is not this one
   * - `nowhere here`: the failover address is not on this server, which would not answer for it
   */
  readonly kind: "another server" | "nowhere here";
  /** The failover address. */
  readonly ip: string;
  /** The server that the address is routed to. */
  readonly wanted: string;
  /** The line of the configuration. */
  readonly line: number;
}

/**
 * The takeovers of one address since the start of the process, by this node's lord hooks and by its
 * watch over the address. A takeover by hand is no part of them.
 */
export interface TakeoverStats {
  /** The failover address. */
  readonly ip: string;
  /** How many were begun. */
  readonly begun: number;
  /**
   * How many ended, by outcome (`takeoverOutcomes` of lib/move/context.ts); each outcome is there,
   * also with 0. The rest of those that were begun are under way.
   */
  readonly outcomes: Readonly<Record<string, number>>;
}
