import type { Notes } from "../../../lib/legion/notes.ts";
import type { Boot } from "../../../lib/node/memory/boot.ts";

/** Notes of a node that supports another, to be changed where a test needs it. */
export function notes(changed: Partial<Notes> = {}): Notes {
  return {
    name: "web1",
    node: "1.1.1.1:2000",
    configuredValor: 10,
    valor: 10,
    uuid: "a".repeat(36),
    was: undefined,
    seq: 1000,
    support: { uuid: "b".repeat(36), seq: 7, binds: 3000, untilMs: 2500 },
    lordship: "none",
    voters: ["1.1.1.1:2000", "2.2.2.2:2000"],
    quorum: 2,
    configs: [{
      node: "2.2.2.2:2000",
      name: "web2",
      config: "0123abcd",
      sinceMs: 5,
      bindsMs: 3000,
      valor: 20,
    }],
    doubles: [],
    lostMs: [],
    hookFailedUntilMs: undefined,
    spares: undefined,
    end: undefined,
    ...changed,
  };
}

/** A boot as a test wants it; the machine has been up for 100 s. */
export function boot(changed: Partial<Boot> = {}): Boot {
  return {
    id: "boot-1",
    machine: "machine-1",
    uptimeSeconds: () => 100,
    mayBeContainer: () => Promise.resolve(false),
    ...changed,
  };
}

/** The same without fields that are undefined. */
export function bare<T>(value: T): T {
  if (Array.isArray(value)) return value.map(bare) as T;
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(fields.map(([key, each]) => [key, bare(each)])) as T;
}
