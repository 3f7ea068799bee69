import { assertEquals } from "@std/assert";
import { forgotten, type Notes } from "../../lib/legion/notes.ts";
import { lordshipBefore, serviceBefore } from "../../lib/node/before.ts";
import { noted } from "../legion/noted.ts";

const service = {
  checks: [{ name: "web", kind: "tcp", state: "passing", sinceWallMs: 1, output: "" } as const],
};

function memoryOf(notes: Partial<Notes>) {
  return { past: { kind: "noted", notes: noted(notes) } as const, service };
}

Deno.test("a service is remembered where the node goes on, however its process ended", () => {
  for (const end of [undefined, "restart"] as const) {
    assertEquals(serviceBefore(memoryOf({ end })), { ...service, stood: true });
  }
  const stoodBack = { configuredValor: 7, valor: 0 };
  assertEquals(serviceBefore(memoryOf(stoodBack)), { ...service, stood: false });
});

Deno.test("a title that was held or being taken is remembered", () => {
  assertEquals(lordshipBefore(memoryOf({ lordship: "lord" })), "lord");
  assertEquals(lordshipBefore(memoryOf({ lordship: "taking over" })), "taking over");
  assertEquals(lordshipBefore(memoryOf({ lordship: "releasing" })), undefined);
  assertEquals(lordshipBefore(memoryOf({ lordship: "none" })), undefined);
});

Deno.test("after a leave, or without notes, nothing of it counts", () => {
  const left = memoryOf({ end: "leave", lordship: "lord" });
  for (const memory of [left, { ...left, past: forgotten }]) {
    assertEquals([serviceBefore(memory), lordshipBefore(memory)], [undefined, undefined]);
  }
});
