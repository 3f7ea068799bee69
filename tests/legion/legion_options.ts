import type { LegionOptions } from "../../lib/legion/options.ts";

/** Gives uuids that count up, as new ones at each change of a node's valor. */
export function countedUuid(): () => string {
  let uuids = 0;
  return () => `uuid-${++uuids}`.padEnd(36, "0");
}

/** One of three nodes, freq 1 s and tolerance 3 s, to be changed where a test needs it. */
export function legionOptions(changed: Partial<LegionOptions> = {}): LegionOptions {
  return {
    legion: "test",
    name: "self",
    pid: 7,
    valor: 30,
    quorum: 2,
    scroll: "",
    freqMs: 1_000,
    toleranceMs: 3_000,
    skewToleranceMs: 60_000,
    deathOnLordErrorMs: 0,
    lease: "auto",
    releaseMs: 0,
    voters: ["a:2000", "b:2000", "self:2000"],
    node: "self:2000",
    maxMembers: 1_000,
    failback: { kind: "immediate" },
    flap: { count: 3, withinMs: 600_000 },
    newUuid: () => crypto.randomUUID(),
    ...changed,
  };
}
