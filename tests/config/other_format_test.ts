import { assertEquals, assertMatch } from "@std/assert";
import { otherFormat, toIni } from "../../lib/config/_other_format.ts";
import { hasUwsgi } from "../lab/uwsgi.ts";
import { readConfiguration } from "../../lib/node/configuration.ts";

const legion = "failover 127.0.0.1:2990 98 aes-256-cbc:100%%";
const files = {
  YAML: `# nodes\n---\nuwsgi:\n  legion: ${legion}\n  legion-node: failover 127.0.0.1:2991\n`,
  XML: `<?xml version="1.0"?>\n<uwsgi>\n<legion>${legion}</legion>\n` +
    "<legion-node>failover 127.0.0.1:2991</legion-node>\n</uwsgi>\n",
  JSON: `{"uwsgi": {"legion": "${legion}", "legion-node": ["failover 127.0.0.1:2991"]}}`,
} as const;
const formats = Object.keys(files) as (keyof typeof files)[];

Deno.test("a file in another format is known by its looks", () => {
  for (const format of formats) {
    assertMatch(otherFormat(files[format], "f") ?? "", new RegExp(`not ${format};`));
  }
  for (const ini of ["[uwsgi]\nlegion = x\n", "", "a = b\n", "; a: b\n[s]\n", "{x}\n[uwsgi]\n"]) {
    assertEquals(otherFormat(ini, "f"), undefined, ini);
  }
});

for (const format of formats) {
  Deno.test({
    name: `the command that is told makes INI of ${format}`,
    ignore: !hasUwsgi,
    async fn() {
      const folder = await Deno.makeTempDir();
      try {
        const file = `${folder}/f.${format.toLowerCase()}`;
        await Deno.writeTextFile(file, files[format]);
        const [, command] = /: (uwsgi .*)$/.exec(toIni(format, file))!;
        const { success } = await new Deno.Command("sh", { args: ["-c", command] }).output();
        assertEquals(success, true);
        const text = await Deno.readTextFile(`${folder}/f.ini`);
        assertMatch(text, /^legion = failover 127\.0\.0\.1:2990 98 aes-256-cbc:100%%$/m);
        const { legions: [{ nodes }] } = readConfiguration(`${folder}/f.ini`);
        assertEquals(nodes, [{ host: "127.0.0.1", port: 2991 }]);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
