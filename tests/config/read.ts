import type { Config } from "../../lib/config/config.ts";
import { ConfigError } from "../../lib/config/config_error.ts";
import { readConfiguration } from "../../lib/node/configuration.ts";
import type { Machine } from "../../lib/config/sources.ts";

/** The shortest configuration there is: the legion `one`. Its two lines are 1 and 2. */
export const text = "[uwsgi]\nlegion = one 127.0.0.1:1 1 bf-cbc:x\n";

/** What a configuration can refer to in these tests. */
export const env: Record<string, string> = { ROBOT_PASSWORD: "from the environment", N: "7" };
export const files: Record<string, string> = { "/secret": "from a file\n" };

/** The machine of these tests: a host `vm` with the files above, and the folder `/etc`. */
export const machine: Machine = {
  hostname: () => "vm",
  folder: () => "/srv",
  fullPath: (path) => path.startsWith("/") ? path : `/srv/${path}`,
  kindAt: (path) => path in files ? "file" : path === "/etc" ? "folder" : "nothing",
  namesIn: (folder) =>
    Object.keys(files).filter((path) =>
      path.slice(0, path.lastIndexOf("/")) === folder.replace(/\/$/, "")
    )
      .map((path) => path.slice(path.lastIndexOf("/") + 1)),
  cores: () => 4,
  user: () => ({ id: 1000, name: "joe" }),
  group: () => ({ id: 100, name: undefined }),
  now: () => 1_795_911_695_000,
};

/** Reads a configuration from its text, as the file `f.ini`. */
export function read(text: string): Config {
  return readConfiguration("f.ini", {
    env: (name) => env[name],
    readFile(path) {
      const content = path === "f.ini" ? text : files[path];
      if (content === undefined) throw new Error("there is no such file");
      return content;
    },
    isPublic: (path) => path.startsWith("/public"),
    localHosts: () => ["127.0.0.1", "10.0.0.1"],
    machine,
  });
}

/** The problems of a configuration, one a line; empty when there are none. */
export function problemsOf(text: string): string[] {
  try {
    read(text);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split("\n");
    throw error;
  }
}

/** Writes a file into a folder of its own for as long as it is needed. */
export function withFile(name: string, content: string | Uint8Array, use: (file: string) => void) {
  const folder = Deno.makeTempDirSync();
  const file = `${folder}/${name}`;
  try {
    Deno.writeFileSync(
      file,
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
    use(file);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}
