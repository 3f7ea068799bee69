import { assertEquals } from "@std/assert";
import { statsOf } from "../../lib/config/default_stats.ts";
import { read, text } from "./read.ts";

function pathOf(env: Record<string, string>, uid: number | null, config = read(text)) {
  return statsOf(config, { env: (name) => env[name], uid });
}

Deno.test("what the file says goes first", () => {
  const config = read(`${text}stats = 127.0.0.1:1717`);
  const stats = pathOf({ RUNTIME_DIRECTORY: "/run/x" }, 0, config);
  assertEquals(stats, { address: { host: "127.0.0.1", port: 1717 } });
});

Deno.test("else a socket named for the first legion, where the surroundings have a place", () => {
  assertEquals(pathOf({}, 0), { path: "/run/failover/one.sock" });
  assertEquals(pathOf({ XDG_RUNTIME_DIR: "/run/user/7" }, 7), {
    path: "/run/user/7/failover/one.sock",
  });
  assertEquals(pathOf({ RUNTIME_DIRECTORY: "/run/a:/run/b" }, 0), { path: "/run/a/one.sock" });
  assertEquals([pathOf({}, 7), pathOf({}, null)], [undefined, undefined]);
});

Deno.test("a legion's name cannot lead out of the folder", () => {
  const config = read("[uwsgi]\nlegion = ../../etc/x 127.0.0.1:1 1 bf-cbc:x");
  assertEquals(pathOf({}, 0, config), { path: "/run/failover/..%2F..%2Fetc%2Fx.sock" });
});
