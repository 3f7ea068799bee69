import { assert, assertEquals } from "@std/assert";
import { sayings, topicOf } from "../../lib/node/log_topic.ts";
import { walk } from "../lab/walk.ts";

Deno.test("topicOf: the trouble that a line tells of", () => {
  assertEquals(topicOf("no quorum: 1 present, 2 needed"), "no-quorum");
  assertEquals(
    topicOf("lord hook hetzner-failoverip (/etc/failover.ini:6) ended: refused: UNAUTHORIZED: no"),
    "login-refused",
  );
  assertEquals(topicOf("server-2 left"), undefined);
});

Deno.test("topicOf: the program says what each entry goes by", async () => {
  const files = await walk("lib", ".ts");
  const sources = files.filter((file) => !file.endsWith("log_topic.ts"));
  const text = (await Promise.all(sources.map((file) => Deno.readTextFile(file)))).join("\n");
  for (const [saying] of sayings) {
    if (typeof saying === "string") assert(text.includes(saying), `nothing says "${saying}"`);
  }
});
