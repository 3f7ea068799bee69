/** A member of a legion, as uWSGI's stats have it. */
export interface MemberStats {
  readonly name: string;
  readonly uuid: string;
  readonly valor: number;
  readonly checksum: number;
  /** When it was last heard, in wall clock seconds. */
  readonly last_seen: number;
}

/** A legion, as uWSGI's stats have it (legion-protocol, "Options", the stats socket). */
export interface LegionStats {
  readonly legion: string;
  /** The node's own address in it, `host:port`. */
  readonly addr: string;
  readonly uuid: string;
  readonly valor: number;
  readonly checksum: number;
  readonly quorum: number;
  /** Since when the node is lord, in wall clock seconds; 0 when it is not. */
  readonly i_am_the_lord: number;
  /** The node's vote. */
  readonly lord_valor: number;
  readonly lord_uuid: string;
  /** The configured nodes, `host:port`. */
  readonly nodes: readonly string[];
  readonly members: readonly MemberStats[];
}

/** What the stats socket answers with: the part of uWSGI's document that there is here. */
export interface Stats {
  readonly version: string;
  readonly pid: number;
  readonly legions: readonly LegionStats[];
}
