import { assert, assertEquals } from "@std/assert";
import { standBackKinds } from "../../lib/base/stand_back_kind.ts";
import { documentOf, schemaVersion } from "../../lib/status/document.ts";
import schema from "../../lib/status/schema.json" with { type: "json" };
import { type NodeRole, nodeRoles, nodeTroubleKinds } from "../../lib/status/node_stats.ts";
import type { LegionState } from "../../lib/status/report.ts";
import { statsDocument } from "../../lib/status/routes.ts";
import { schemaFaults } from "../lab/schema.ts";
import { addressStats, legionStats, memberStats, nodeStats, statsOf } from "./stats.ts";

const states: Record<LegionState, true> = {
  listening: true,
  follower: true,
  candidate: true,
  "taking over": true,
  lord: true,
  "stands back": true,
  stopping: true,
};

/** A legion in which each list has something, and each field that may be left out is there. */
function full(state: LegionState, role: NodeRole) {
  return legionStats({
    state,
    members: [memberStats()],
    drained: { by: "eve", since: 7, until: 0 },
    stands_back: standBackKinds.map((kind) => ({ kind, why: "so", until: 7 })),
    roster: [
      nodeStats({
        role,
        stands_back: standBackKinds,
        troubles: nodeTroubleKinds.map((kind) => ({ kind, why: "so", since: 0 })),
      }),
      nodeStats({ hears: null }),
    ],
    checks: [
      { name: "web", kind: "http", line: 5, state: "passing", since: 1, output: "", runs: 2 },
    ],
    running: [{ event: "lord", action: "cmd", line: 7, since: 7, attempts: 0, last_error: "" }],
    hooks: [
      {
        event: "lord",
        action: "cmd",
        line: 7,
        result: "failed",
        seconds: 1,
        time: 7,
        mended: true,
      },
    ],
    takeovers: [{ ip: "4.4.4.4", begun: 1, outcomes: { routed: 1 } }],
    addresses: [addressStats(), addressStats({ points_to: null })],
    misplaced: [{ kind: "nowhere here", ip: "4.4.4.4", wanted: "1.1.1.1", line: 7 }],
    dropped: { size: { count: 1, last_seconds_ago: 1 } },
    events: [{ time: 7, level: "info", message: "started" }],
  });
}

const generated = [
  ...nodeRoles.map((role) => full("lord", role)),
  ...Object.keys(states).map((state) => full(state as LegionState, "lord")),
];

Deno.test("the schema describes each field of the status, and asks for none that is not there", () => {
  assertEquals(schemaFaults(documentOf(statsOf(...generated))), []);
  assertEquals(schemaFaults(JSON.parse(statsDocument(statsOf(legionStats())))), []);
});

Deno.test("each definition and field of the schema is used by a status", () => {
  const [legion] = generated;
  assertEquals(
    Object.keys(schema.$defs.LegionStats.properties).sort(),
    Object.keys(legion).sort(),
  );
  const text = JSON.stringify(schema);
  for (const name of Object.keys(schema.$defs)) assert(text.includes(`"#/$defs/${name}"`), name);
});

Deno.test("a field that is missing, of another type or of no known value is a fault", () => {
  const document = documentOf(statsOf(legionStats()));
  assertEquals(schemaFaults({ ...document, pid: "7" }), ["/pid must be number"]);
  assertEquals(schemaFaults({ ...document, more: 1 }), [
    "/more must NOT have additional properties",
  ]);
  assertEquals(schemaFaults({ ...document, more: 1 }, "open"), []);
  const { name: _, ...rest } = document;
  assertEquals(schemaFaults(rest), [" must have required property 'name'"]);
  const [legion] = document.legions;
  const other = { ...document, legions: [{ ...legion, state: "asleep" }] };
  assertEquals(schemaFaults(other), [
    "/legions/0/state must be equal to one of the allowed values",
  ]);
});

Deno.test("the schema tells its version", () => {
  assertEquals(schema.$id, `urn:failover:status:${schemaVersion}`);
  assertEquals(schema.properties.schema.const, schemaVersion);
});
