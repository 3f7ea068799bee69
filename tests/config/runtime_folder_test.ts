import { assertEquals } from "@std/assert";
import { runtimeFolder } from "../../lib/config/runtime_folder.ts";

function folderOf(env: Record<string, string>, uid: number | null) {
  return runtimeFolder({ env: (name) => env[name], uid });
}

Deno.test("runtimeFolder: systemd's, root's, or the user's own", () => {
  const user = { XDG_RUNTIME_DIR: "/run/user/7" };
  assertEquals(folderOf({ RUNTIME_DIRECTORY: "/run/a:/run/b", ...user }, 0), "/run/a");
  assertEquals(folderOf(user, 0), "/run/failover");
  assertEquals(folderOf(user, 7), "/run/user/7/failover");
});

Deno.test("runtimeFolder: there is none where nothing names one", () => {
  const empty = { RUNTIME_DIRECTORY: "", XDG_RUNTIME_DIR: "" };
  for (const env of [{}, empty]) {
    assertEquals([folderOf(env, 7), folderOf(env, null)], [undefined, undefined]);
  }
});
