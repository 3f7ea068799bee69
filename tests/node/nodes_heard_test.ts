import { assertEquals } from "@std/assert";
import { NodesHeard } from "../../lib/node/nodes_heard.ts";
import { announcement } from "../legion/announcement.ts";

const at = (seconds: number) => ({ monotonicMs: seconds * 1_000, wallMs: 1e12 + seconds * 1_000 });
const b = "10.0.0.2:2000";

Deno.test("a listed node is known as it was heard last, behind NAT by what it says", () => {
  const nodes = new NodesHeard([b]);
  const aside = { version: "1.2.3", back: [] };
  const said = announcement({ name: "b", valor: 20, seq: 1, node: b, aside });
  assertEquals(nodes.hear(announcement({ seq: 1 }), "4.4.4.4:9", at(1)), undefined);
  assertEquals(nodes.hear(said, "4.4.4.4:9", at(1)), b);
  assertEquals(nodes.hear({ ...said, valor: 0 }, "4.4.4.4:9", at(2)), b);
  assertEquals([...nodes.byNode], [[b, {
    name: "b",
    uuid: "a".repeat(36),
    valor: 0,
    kind: "failover",
    version: "1.2.3",
    bindsMs: 0,
    heardMs: 2_000,
    heardWallMs: 1e12 + 2_000,
    hasLeft: false,
  }]]);
});

Deno.test("the time that a support binds is known while the node supports nobody", () => {
  const nodes = new NodesHeard([b]);
  const hear = (uuid: string, binds: number) => {
    nodes.hear(announcement({ uuid: uuid.repeat(36), seq: 1, binds }), b, at(1));
    return nodes.byNode.get(b)?.bindsMs;
  };
  assertEquals([hear("a", 0), hear("a", 3_000), hear("a", 0)], [0, 3_000, 3_000]);
  assertEquals([hear("b", 0), hear("b", 4_000)], [0, 4_000]);
});

Deno.test("a farewell counts if it is that of the process heard last", () => {
  const nodes = new NodesHeard([b]);
  const hear = (uuid: string, dead = false) =>
    nodes.hear(announcement({ uuid: uuid.repeat(36), dead, seq: dead ? 0 : 1 }), b, at(1));
  const hasLeft = () => nodes.byNode.get(b)?.hasLeft;
  hear("a", true);
  assertEquals(hasLeft(), undefined);
  hear("a");
  hear("b");
  // As uWSGI's nodes are told where a rank changes.
  hear("a", true);
  assertEquals(hasLeft(), false);
  hear("b", true);
  assertEquals(hasLeft(), true);
  // A farewell has no seq, by which a node is told from uWSGI's.
  assertEquals(nodes.byNode.get(b)?.kind, "failover");
  hear("c");
  assertEquals(hasLeft(), false);
});

Deno.test("made-up senders do not fill the memory, and a list that shrinks empties it", () => {
  const nodes = new NodesHeard([b, "10.0.0.3:2000"]);
  for (let i = 0; i < 1_000; i++) {
    nodes.hear(announcement({ seq: 1, node: `10.9.0.1:${i}` }), `4.4.4.4:${i}`, at(1));
  }
  nodes.hear(announcement(), b, at(1));
  nodes.hear(announcement(), "10.0.0.3:2000", at(1));
  assertEquals([...nodes.byNode.keys()], [b, "10.0.0.3:2000"]);
  nodes.reconfigure(["10.0.0.3:2000"]);
  assertEquals([...nodes.byNode.keys()], ["10.0.0.3:2000"]);
});
