import { assertEquals } from "@std/assert";
import { firewallAnswers } from "../../../lib/cli/doctor/firewall.ts";
import { type FirewallTool, firewallTool } from "../../../lib/cli/doctor/firewall_tool.ts";
import type { NodeStats } from "../../../lib/status/node_stats.ts";
import { legionStats, nodeStats } from "../../status/stats.ts";

const [a, b, c] = ["1.1.1.1:2000", "2.2.2.2:2000", "3.3.3.3:2000"];

function node(at: string, name: string, hears: readonly string[] | null, changed = {}): NodeStats {
  return nodeStats({ node: at, name, hears, ...changed });
}

const gone = { role: "unknown", last_heard: 0 } as const;

/** The answers of a node `a`, by whom it hears and whom the others say that they hear. */
function answers(others: NodeStats[], tool: FirewallTool = "nft"): string[] {
  const roster = [node(a, "a", [a], { is_this: true }), ...others];
  return firewallAnswers({ legions: [legionStats({ roster })] }, tool)
    .map(({ sign, why, remedy }) =>
      remedy === "" ? `${sign} ${why}` : `${sign} ${why} > ${remedy}`
    );
}

const rule = "nft insert rule inet filter";

const table: [what: string, others: NodeStats[], answers: string[]][] = [
  ["all hear all", [node(b, "b", [a, b, c]), node(c, "c", [a, b, c])], [
    "ok b (2.2.2.2:2000), c (3.3.3.3:2000): heard here, and this node is heard there",
  ]],
  ["one does not tell", [node(b, "b", [a, b, c]), node(c, "c", null)], [
    "ok b (2.2.2.2:2000), c (3.3.3.3:2000): heard here, and this node is heard there, as far as " +
    "they tell",
  ]],
  ["nobody is heard", [node(b, "", null, gone), node(c, "c", null, gone)], [
    "wrong no other node is heard: nothing is let in here, or all the others are down > " +
    `${rule} input ip saddr 2.2.2.2 udp dport 2000 accept && ` +
    `${rule} input ip saddr 3.3.3.3 udp dport 2000 accept`,
  ]],
  ["one that another hears", [node(b, "b", [a, b, c]), node(c, "c", null, gone)], [
    "wrong c (3.3.3.3:2000) is heard by others and not here: it is not let in here, or not out " +
    `there > ${rule} input ip saddr 3.3.3.3 udp dport 2000 accept`,
  ]],
  ["one that nobody hears is down", [node(b, "b", [a, b]), node(c, "c", null, gone)], [
    "ok b (2.2.2.2:2000): heard here, and this node is heard there",
  ]],
  ["nobody hears this node", [node(b, "b", [b, c]), node(c, "c", [b, c])], [
    "wrong b (2.2.2.2:2000), c (3.3.3.3:2000) is heard and hears nothing of this node: it is not " +
    `let out here > ${rule} output ip daddr 2.2.2.2 udp dport 2000 accept && ` +
    `${rule} output ip daddr 3.3.3.3 udp dport 2000 accept`,
  ]],
  ["one does not hear this node", [node(b, "b", [a, b, c]), node(c, "c", [b, c])], [
    "wrong c (3.3.3.3:2000) is heard and does not hear this node, which others do: it is not let " +
    `in there > ssh 3.3.3.3 '${rule} input ip saddr 1.1.1.1 udp dport 2000 accept'`,
  ]],
  ["one hears nobody", [node(b, "b", [a, b, c]), node(c, "c", [c])], [
    "wrong c (3.3.3.3:2000) is heard and hears no other node: nothing is let in there > " +
    `ssh 3.3.3.3 '${rule} input ip saddr 1.1.1.1 udp dport 2000 accept && ` +
    `${rule} input ip saddr 2.2.2.2 udp dport 2000 accept'`,
  ]],
  ["no other is listed", [node(b, "b", [a, b], { listed: false })], []],
];

for (const [what, others, expected] of table) {
  Deno.test(`the firewall by who hears whom: ${what}`, () => {
    assertEquals(answers(others), expected);
  });
}

Deno.test("the rule is written for the firewall of this machine, and for IPv6", () => {
  const others = [node("[fd00::2]:2001", "b", null, gone)];
  const remedy = (tool: FirewallTool) => answers(others, tool)[0].split(" > ")[1];
  assertEquals(remedy("ufw"), "ufw allow proto udp from fd00::2 to any port 2000");
  assertEquals(remedy("nft"), `${rule} input ip6 saddr fd00::2 udp dport 2000 accept`);
  assertEquals(remedy("iptables"), "ip6tables -I INPUT -p udp -s fd00::2 --dport 2000 -j ACCEPT");
});

Deno.test("the tool is that of the table which there is", async () => {
  const tool = (out: string | undefined, ufw?: string) =>
    firewallTool(() => {
      return Promise.resolve(
        out === undefined ? { kind: "missing" } : { kind: "said", success: true, out, err: "" },
      );
    }, () => ufw);
  assertEquals(await tool("table inet filter\n", "ENABLED=yes\n"), "ufw");
  assertEquals(await tool("table inet filter\ntable ip filter\n", "ENABLED=no\n"), "nft");
  assertEquals(await tool("table ip nat\ntable ip filter\n"), "iptables");
  assertEquals(await tool(""), "nft");
  assertEquals(await tool(undefined), "iptables");
});
