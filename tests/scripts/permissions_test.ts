import { assertEquals } from "@std/assert";
import { permissions } from "../../scripts/_permissions.ts";

Deno.test("permissions: the flags of the executable are these and no others", () => {
  assertEquals(permissions, [
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-run",
    "--allow-env",
    "--allow-sys",
    "--deny-ffi",
    "--deny-import",
    "--no-prompt",
    "--unstable-net",
  ]);
});

Deno.test("permissions: these tests run with the ones of the executable", async () => {
  for (const name of ["net", "read", "write", "run", "env", "sys", "ffi", "import"] as const) {
    const { state } = await Deno.permissions.query({ name });
    assertEquals(state, permissions.includes(`--allow-${name}`) ? "granted" : "denied", name);
  }
});
