import { assertEquals } from "@std/assert";
import { configMark } from "../../lib/legion/config_mark.ts";
import { otherConfigText } from "../../lib/node/other_config.ts";

const [a, b, c, d] = [1, 2, 3, 4].map((host) => `10.0.0.${host}:2000`);
const unknown = "it has another list of nodes or another legion-quorum";

const others: [what: string, voters: string[], quorum: number, text: string][] = [
  ["another quorum", [a, b, c], 3, "its legion-quorum is 3, this node's 2"],
  ["no quorum", [a, b, c], 0, "its legion-quorum is 0, this node's 2"],
  ["a node less", [a, c], 2, `its list lacks ${b}`],
  ["a node more that is heard", [a, b, c, d], 2, `its list has ${d} besides`],
  [
    "a node more and its majority",
    [a, b, c, d],
    3,
    `its list has ${d} besides, and its legion-quorum is 3, this node's 2`,
  ],
  ["a node more that nobody hears", [a, b, c, "10.0.0.9:2000"], 2, unknown],
  ["two nodes less", [a], 1, unknown],
  ["a node less and an odd quorum", [a, b], 1, unknown],
];
for (const [what, voters, quorum, text] of others) {
  Deno.test(`otherConfigText: ${what}`, () => {
    const mark = configMark(voters, quorum);
    assertEquals(otherConfigText(mark, { voters: [a, b, c], quorum: 2 }, [d]), text);
    assertEquals(otherConfigText(mark, { voters: [a, b, c], quorum: 2 }, [d]), text);
  });
}

Deno.test("otherConfigText: a node that names no list", () => {
  assertEquals(
    otherConfigText("", { voters: [a, b], quorum: 2 }, []),
    "it names no list of nodes: it has none, or may be two processes",
  );
});

Deno.test("otherConfigText: of a list too long to try all, nothing is tried", () => {
  const text = (length: number) => {
    const voters = Array.from({ length }, (_, i) => `10.0.0.1:${1000 + i}`);
    return otherConfigText(configMark(voters, 40), { voters, quorum: 33 }, []);
  };
  assertEquals(text(64), "its legion-quorum is 40, this node's 33");
  assertEquals(text(65), unknown);
});
