// The modules that a start loads: Deno brings the like of Node.js in pieces, each loaded when it is
// first asked for, and the first of them takes a start 10 to 20 ms. Nothing but files is looked at.
import { assert, assertEquals } from "@std/assert";

/** The files, and other modules, that a file imports as soon as it is loaded itself. */
async function importsOf(file: string): Promise<string[]> {
  const text = await Deno.readTextFile(file);
  const statements = text.matchAll(/^(?:import|export)\s(?!type\s)[^;"]*?"([^"]+)"/gm);
  return [...statements].map(([, target]) =>
    target.startsWith(".") ? new URL(target, `file:///${file}`).pathname.slice(1) : target
  );
}

/** All that is loaded with a file: each module, and the file that imports it. */
async function loadedWith(start: string): Promise<Map<string, string>> {
  const found = new Map([[start, ""]]);
  for (const [file] of found) {
    if (!file.endsWith(".ts")) continue;
    for (const target of await importsOf(file)) {
      if (!found.has(target)) found.set(target, file);
    }
  }
  return found;
}

const starts = ["main.ts", "lib/cli/node.ts", "lib/cli/status.ts", "lib/legion/authentication.ts"];

Deno.test("no start loads anything of Node.js", async () => {
  for (const start of starts) {
    const loaded = await loadedWith(start);
    const ofNode = [...loaded].filter(([module]) => module.startsWith("node:"));
    assertEquals(ofNode, [], start);
  }
});

Deno.test("a node loads nothing of other subcommands", async () => {
  const loaded = [...(await loadedWith("lib/cli/node.ts")).keys()];
  assert(loaded.includes("lib/node/legion_runner.ts"));
  const others = /^lib\/(manual|cli\/(\w+\/|commands|help\.|option_help|status|systemd))/;
  assertEquals(loaded.filter((file) => others.test(file) || file.includes("simulat")), []);
});

// The first timer of `setTimeout` has the runtime load those of Node.js.
Deno.test("a lord that asks for its address at its start sets no timer of Node.js", async () => {
  const asking = [
    ...["base/clock.ts", "base/first_open.ts", "base/within.ts", "base/http/exchange.ts"],
    ...["base/http/secure.ts", "base/trust.ts", "move/_open.ts", "move/http.ts"],
    ...["node/hook_runner.ts", "node/legion_hooks.ts", "node/legion_parts.ts"],
    ...["node/legion_runner.ts"],
  ];
  for (const file of asking) {
    const text = await Deno.readTextFile(`lib/${file}`);
    assert(!/\bsetTimeout\(|async\/delay/.test(text), file);
  }
});

Deno.test("of the ciphers only 3DES comes from Node.js, and only where it is asked for", async () => {
  const text = await Deno.readTextFile("lib/legion/cipher.ts");
  assertEquals(text.match(/"node:[^"]*"/g), ['"node:crypto"']);
  assertEquals(text.match(/viaNodeCrypto\("[^"]*"\)/g), ['viaNodeCrypto("des-ede3-cbc")']);
});
