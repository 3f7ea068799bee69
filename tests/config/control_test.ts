import { assertEquals } from "@std/assert";
import { controlOf } from "../../lib/config/control.ts";
import { read, text } from "./read.ts";

function pathOf(more: string, env: Record<string, string>, uid: number | null = 0) {
  return controlOf(read(text + more), { env: (name) => env[name], uid });
}

Deno.test("orders are taken beside the stats' socket", () => {
  assertEquals(pathOf("", {}), "/run/failover/one.control");
  assertEquals(pathOf("stats = /run/x/one.sock", {}), "/run/x/one.control");
  assertEquals(pathOf("stats = /run/x/stats", {}), "/run/x/stats.control");
});

Deno.test("where the stats are at a TCP address its port tells the nodes of a machine apart", () => {
  const env = { RUNTIME_DIRECTORY: "/run/x" };
  assertEquals(pathOf("stats = 127.0.0.1:1717", env), "/run/x/one.1717.control");
});

Deno.test("a legion's name cannot lead its orders out of the folder", () => {
  const config = read("[uwsgi]\nlegion = ../../etc/x 127.0.0.1:1 1 bf-cbc:x");
  const path = controlOf(config, { env: () => undefined, uid: 0 });
  assertEquals(path, "/run/failover/..%2F..%2Fetc%2Fx.control");
});

Deno.test("where there is no place there is none", () => {
  assertEquals(pathOf("stats = :1717", {}, 7), undefined);
});
