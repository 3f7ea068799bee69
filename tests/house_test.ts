// The house: which room of lib/ imports from which (lib/README.md has the table).
import { assertEquals } from "@std/assert";
import { walk } from "./lab/walk.ts";

/** The rooms that each make one provider. */
const providers = ["robot", "hcloud", "http_api"];

/** The rooms that a room imports from, besides itself and `base`. */
const rooms: Record<string, readonly string[]> = {
  base: [],
  legion: [],
  config: [],
  status: [],
  checks: [],
  manual: [],
  move: [],
  ...Object.fromEntries(providers.map((room) => [room, ["move"]])),
  hooks: ["move", ...providers],
  node: ["legion", "checks", "hooks", "move", "status", "config"],
  cli: ["node", "status", "checks", "move", "config", "manual"],
};

/** The folders whose files import from more rooms than the rest of their room: they know providers. */
const folders: Record<string, readonly string[]> = {
  "cli/demo": ["hooks", ...providers],
  "cli/init": ["hooks", ...providers],
  "cli/by_hand": ["hooks", ...providers],
};

/** The imports of lib/ that leave their room: the file, and the room that it imports from. */
async function importsBetweenRooms(): Promise<[file: string, to: string][]> {
  const found: [string, string][] = [];
  for (const file of await walk("lib", ".ts")) {
    const [, room] = file.split("/");
    const text = await Deno.readTextFile(file);
    for (const [, target] of text.matchAll(/(?:from|import\()\s*"(\.[^"]*)"/g)) {
      const path = new URL(target, `file:///${file}`).pathname;
      const [, lib, to] = path.split("/");
      if (lib === "lib" && to !== room && to.indexOf(".") < 0) found.push([file, to]);
    }
  }
  return found;
}

Deno.test("rooms import downwards, from those that the table names", async () => {
  const wrong = (await importsBetweenRooms()).filter(([file, to]) => {
    const [, room, folder] = file.split("/");
    const may = [...rooms[room] ?? [], ...folders[`${room}/${folder}`] ?? []];
    return room in rooms && to !== "base" && !may.includes(to);
  });
  assertEquals(wrong, []);
});

Deno.test("every room is in the table", async () => {
  const there = new Set((await walk("lib", ".ts")).map((file) => file.split("/")[1]));
  const folders = [...there].filter((name) => !name.includes("."));
  assertEquals(folders.filter((name) => !(name in rooms)), []);
});

Deno.test("a file _name.ts is private to its folder", async () => {
  const wrong: string[] = [];
  for (const file of await walk("lib", ".ts")) {
    const text = await Deno.readTextFile(file);
    for (const [, target] of text.matchAll(/(?:from|import\()\s*"(\.[^"]*\/_[^"]*)"/g)) {
      if (!target.startsWith("./_")) wrong.push(`${file}: ${target}`);
    }
  }
  assertEquals(wrong, []);
});

/** Where providers are named: by users too, in an option or a summary of theirs. */
const namesProviders = [
  /^lib\/(robot|hcloud|hooks|cli\/demo|cli\/init|cli\/by_hand)\//,
  /^lib\/cli\/(status|commands)\.ts$/,
];

Deno.test("no provider is named outside its room, its action, and what knows it by hand", async () => {
  const named: string[] = [];
  for (const file of await walk("lib", ".ts")) {
    if (namesProviders.some((place) => place.test(file))) continue;
    if (/robot|hetzner|hcloud/i.test(await Deno.readTextFile(file))) named.push(file);
  }
  assertEquals(named, []);
});
