import { assertEquals } from "@std/assert";
import { directoriesOf } from "../../../lib/node/memory/directories.ts";

function directories(env: Record<string, string>, uid = 1000) {
  return directoriesOf({ env: (name) => env[name], uid });
}

Deno.test("directoriesOf: those that systemd names, the first of several", () => {
  const env = { RUNTIME_DIRECTORY: "/run/a:/run/b", STATE_DIRECTORY: "/var/lib/a:/var/lib/b" };
  assertEquals(directories(env), { runtime: "/run/a", state: "/var/lib/a" });
});

Deno.test("directoriesOf: root's are the usual ones, others' are where their programs keep such things", () => {
  assertEquals(directories({ HOME: "/root" }, 0), {
    runtime: "/run/failover",
    state: "/var/lib/failover",
  });
  assertEquals(directories({ XDG_RUNTIME_DIR: "/run/user/1", HOME: "/home/eve" }), {
    runtime: "/run/user/1/failover",
    state: "/home/eve/.local/state/failover",
  });
  assertEquals(directories({ XDG_STATE_HOME: "/states", HOME: "/home/eve" }), {
    runtime: undefined,
    state: "/states/failover",
  });
  assertEquals(directories({}), { runtime: undefined, state: undefined });
});
