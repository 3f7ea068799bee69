// LEASE.md, "On the wire": the mark of a list of voters and its quorum.
import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { configMark } from "../../lib/legion/config_mark.ts";

Deno.test("on the wire: a mark is 8 hex digits, FNV-1a over the list and the quorum", () => {
  // Of the text "0", as every FNV-1a has it.
  assertEquals(configMark([], 0), "350ca8af");
  assertEquals(
    configMark(["1.1.1.1:2000", "2.2.2.2:2000"], 2),
    mark("1.1.1.1:2000 2.2.2.2:2000 2"),
  );
});

/** The same, by its definition: 32 bits, with numbers that hold them exactly. */
function mark(text: string): string {
  let hash = 0x811c9dc5n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = ((hash ^ BigInt(byte)) * 0x01000193n) % 2n ** 32n;
  }
  return hash.toString(16).padStart(8, "0");
}

Deno.test("on the wire: every list and quorum has a mark that any node can read", () => {
  const lists = fc.array(fc.webAuthority(), { maxLength: 70 });
  fc.assert(fc.property(lists, fc.nat(), (voters, quorum) => {
    assertEquals(configMark(voters, quorum), mark([...voters, quorum].join(" ")));
    assertEquals(/^[0-9a-f]{8}$/.test(configMark(voters, quorum)), true);
  }));
});

Deno.test("rule 10: another list, another order or another quorum has another mark", () => {
  const [a, b, c] = ["1.1.1.1:2000", "2.2.2.2:2000", "3.3.3.3:2000"];
  const marks = [
    configMark([], 2),
    configMark([a, b], 2),
    configMark([b, a], 2),
    configMark([a, b, c], 2),
    configMark([a, b, c], 3),
    configMark([a, b, "3.3.3.3:2001"], 3),
    configMark([a, b, "[fd09::1]:2000"], 3),
  ];
  assertEquals(new Set(marks).size, marks.length);
});
