import { assertEquals, assertThrows } from "@std/assert";
import { formatNotes, parseNotes } from "../../../lib/node/memory/_notes_file.ts";
import type { RememberedService } from "../../../lib/node/memory/memory.ts";
import { noted } from "../../legion/noted.ts";

const boot = {
  id: "this boot",
  uptimeSeconds: () => 1_000,
  mayBeContainer: () => Promise.resolve(false),
};
const service: RememberedService = {
  checks: [{ name: "web", kind: "tcp", state: "failing", sinceWallMs: 7_000, output: "refused" }],
  drain: { by: "ann", sinceWallMs: 8_000, untilWallMs: 90_000, untilMs: 50_000 },
  refused: [{ provider: "hetzner-robot", ips: ["4.4.4.4", "5.5.5.5"], failedWallMs: 9_000 }],
};

/** The service as the next process reads it, whose clock shows 100 when the last one's shows 300. */
function kept(service: RememberedService): RememberedService {
  const source = formatNotes({ notes: noted({}), service }, boot, () => 300);
  return parseNotes(source, boot, () => 100).service;
}

Deno.test("a service is kept whole; the end of a drain goes by the clock of who reads it", () => {
  const drain = { ...service.drain!, untilMs: 50_000 - 200 };
  assertEquals(kept(service), { ...service, drain });
});

Deno.test("a service of which little is known is kept as it is", () => {
  const bare = { checks: [], drain: { by: "ann", sinceWallMs: 8_000, untilWallMs: Infinity } };
  assertEquals(kept(bare), {
    ...bare,
    drain: { ...bare.drain, untilMs: undefined },
    refused: undefined,
  });
});

Deno.test("a time that is none makes the notes unusable, and ends no process", () => {
  const [login] = service.refused!;
  const [check] = service.checks;
  for (const wrong of [1e300, -1]) {
    for (
      const changed of [
        { refused: [{ ...login, failedWallMs: wrong }] },
        { checks: [{ ...check, sinceWallMs: wrong }] },
        { drain: { ...service.drain!, untilWallMs: wrong } },
      ]
    ) {
      assertThrows(() => kept({ ...service, ...changed }), Error, "it is no time since 1970");
    }
  }
});
