// The settings that are in the native form: those of scripts/, however deno compile keeps them.
import { assert, assertEquals } from "@std/assert";
import project from "../../deno.json" with { type: "json" };
import { v8Options } from "../../scripts/_v8_options.ts";
import { compile } from "../lab/compile.ts";
import { program } from "../lab/failover.ts";

/** The executable under test; without one, a file that a program is put into. */
async function nativeForm(folder: string): Promise<string> {
  const given = program.executable;
  if (given !== undefined) return new TextDecoder("latin1").decode(await Deno.readFile(given));
  const file = `${folder}/failover`;
  const made = await compile(["--native", "--output", file], { DENORT_BIN: "/bin/true" });
  assertEquals([made.code, made.err], [0, ""]);
  return new TextDecoder("latin1").decode(await Deno.readFile(file));
}

Deno.test("the native form has the permissions and options of scripts/, and no others", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const text = await nativeForm(folder);
    // The portable form hands them to its Deno: tests/e2e/compile_test.ts.
    if (text.startsWith("#!/bin/sh")) return;
    const kept = /\{"argv":\[.*?"app_name":"[^"]*"\}/.exec(text)?.[0];
    assert(kept !== undefined, "deno compile keeps its settings in another way");
    const settings = JSON.parse(kept);
    const { prompt, ...permissions } = settings.permissions;
    assertEquals(prompt, false);
    // An empty list means all; "import" has a list of its own, and all of it is denied.
    for (const [name, given] of Object.entries(project.permissions.default)) {
      assertEquals(permissions[`${given === true ? "allow" : "deny"}_${name}`], [], name);
    }
    assertEquals(permissions.allow_ffi, null);
    const own = (settings.v8_flags as string[]).slice(-v8Options.length);
    assertEquals(own, [...v8Options]);
    assertEquals(settings.unstable_config.features, project.unstable);
    // The output's name would make the bytes differ; compiled code would be kept where others may
    // write; and nothing is sent out of what the program does.
    assertEquals(settings.app_name, project.name);
    assertEquals(settings.entrypoint_key, "main.js");
    assertEquals(settings.code_cache_key, null);
    const { tracing_enabled, metrics_enabled } = settings.otel_config;
    assertEquals([tracing_enabled, metrics_enabled], [false, false]);
    assertEquals(settings.unsafely_ignore_certificate_errors, null);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
