import { assertEquals } from "@std/assert";
import { nodeRoles, nodeTroubleKinds } from "../../lib/status/node_stats.ts";

const chapter = await Deno.readTextFile(
  new URL("../../lib/manual/monitoring.md", import.meta.url),
);

Deno.test("the manual has each kind of trouble, in their order", () => {
  const [, table] = chapter.split(/^\| kind .*\n\| -+ .*\n/m);
  const told = [...table.split("\n\n")[0].matchAll(/^\| `([^`]+)` *\|/gm)].map(([, kind]) => kind);
  assertEquals(told, [...nodeTroubleKinds]);
});

Deno.test("the manual has each role of a node", () => {
  const [, told] = /its `role` \(([^)]*)\)/.exec(chapter)!;
  const roles = [...told.replaceAll(/\s+/g, " ").matchAll(/`([^`]+)`/g)].map(([, role]) => role);
  assertEquals(roles, [...nodeRoles]);
});
