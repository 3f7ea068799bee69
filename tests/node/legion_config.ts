import type { Hook, HookAction, HookEvent, LegionConfig } from "../../lib/config/config.ts";

/** A legion of one node on 127.0.0.1, to be changed where a test needs it. */
export function legionConfig(changed: Partial<LegionConfig>): LegionConfig {
  return {
    file: "test.ini",
    line: 2,
    name: "test",
    address: { host: "127.0.0.1", port: 1 },
    casting: "unicast",
    valor: 10,
    cipher: "bf-cbc",
    secret: "secret1",
    iv: "",
    nodes: [],
    nodeCount: 1,
    quorum: 0,
    lease: "auto",
    releaseMs: 0,
    maxMembers: 1000,
    failback: { kind: "immediate" },
    flap: { count: 3, withinMs: 600_000 },
    checks: [],
    scroll: "",
    scrollMaxSize: 4096,
    hooks: [],
    freqMs: 50,
    toleranceMs: 500,
    skewToleranceMs: 60_000,
    deathOnLordErrorMs: 0,
    hookTimeoutMs: 300_000,
    ...changed,
  };
}

/** A hook as the configuration would have it. */
export function hook(event: HookEvent, action: HookAction, line = 7): Hook {
  return { file: "test.ini", line, event, action };
}

/** A `cmd:` hook. */
export function commandHook(event: HookEvent, command: string, line?: number): Hook {
  return hook(event, { kind: "cmd", command, written: command }, line);
}
