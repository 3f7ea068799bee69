// The configurations of the chapter on following another election are ones that the program takes.
import { assert, assertEquals } from "@std/assert";
import { files, read } from "../config/read.ts";

const chapter = await Deno.readTextFile(
  new URL("../../lib/manual/following.md", import.meta.url),
);
const [whole, ...parts] = [...chapter.matchAll(/```ini\n(.*?)```/gs)].map(([, text]) => text);

Deno.test("the file for Patroni is read, and its check asks this server who leads", () => {
  const secrets = ["/etc/failover.secret", "/etc/failover.password"];
  for (const path of secrets) files[path] = "secret\n";
  const [legion] = read(whole).legions;
  for (const path of secrets) delete files[path];
  assertEquals(legion.voters, ["1.1.1.1:2000", "2.2.2.2:2000", "3.3.3.3:2000"]);
  const [{ probe, leader }] = legion.checks;
  assertEquals([probe, leader], [
    { kind: "http", url: "http://1.1.1.1:8008/leader", status: 0 },
    true,
  ]);
});

for (const part of parts) {
  const [, name] = /^legion-check = (\S+)/.exec(part)!;
  Deno.test(`the lines for ${part.trim().split("name=").at(1)!.split(",")[0]} are read`, () => {
    const [legion] = read(`[uwsgi]\nlegion = ${name} 127.0.0.1:1 1 bf-cbc:x\n${part}`).legions;
    const [{ probe, leader }] = legion.checks;
    assertEquals([probe.kind, leader], ["cmd", true]);
    assert(probe.kind === "cmd" && !/leader=1/.test(probe.command));
  });
}
