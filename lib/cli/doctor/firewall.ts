import { parseAddress } from "../../config/address.ts";
import type { NodeStats, NodeTroubleKind } from "../../status/node_stats.ts";
import type { LegionStats, Stats } from "../../status/report.ts";
import { nodeText } from "../../status/voters_up.ts";
import { type Answer, ok, wrong } from "./answer.ts";
import type { FirewallTool } from "./firewall_tool.ts";

/** Judges firewalls by who hears whom: which wire is cut, and which rule mends it. */
export function firewallAnswers({ legions }: Pick<Stats, "legions">, tool: FirewallTool): Answer[] {
  return legions.flatMap((legion) => legionAnswers(legion, tool));
}

const topic = "heard-one-way";

function legionAnswers({ legion, roster }: LegionStats, tool: FirewallTool): Answer[] {
  const what = `firewall, ${legion}`;
  const listed = roster.filter((node) => node.listed);
  const me = listed.find((node) => node.is_this);
  const others = listed.filter((node) => !node.is_this && !isAnothersMatter(node));
  if (me === undefined || others.length === 0) return [];
  const heard = others.filter(isHeard);
  const unheard = others.filter((node) => !isHeard(node));
  if (heard.length === 0) {
    const why = "no other node is heard: nothing is let in here, or all the others are down";
    return [wrong(what, why, { remedy: letIn(others, me, tool), topic: "node-silent" })];
  }
  const answers: Answer[] = [];
  // A node that others hear runs: its datagrams are lost on the way here.
  const lost = unheard.filter((node) => heard.some(({ hears }) => hears?.includes(node.node)));
  if (lost.length > 0) {
    const why = `${namesOf(lost)} is heard by others and not here: it is not let in here, or not ` +
      "out there";
    answers.push(wrong(what, why, { remedy: letIn(lost, me, tool), topic }));
  }
  const telling = heard.filter(({ hears }) => hears !== null);
  const deaf = telling.filter(({ hears }) => !hears?.includes(me.node));
  if (deaf.length > 0 && deaf.length === telling.length) {
    const why = `${namesOf(deaf)} is heard and hears nothing of this node: it is not let out here`;
    answers.push(wrong(what, why, { remedy: letOut(deaf, tool), topic }));
  } else {
    for (const node of deaf) {
      const isDeaf = node.hears?.every((heard) => heard === node.node);
      const why = isDeaf
        ? `${nodeText(node)} is heard and hears no other node: nothing is let in there`
        : `${nodeText(node)} is heard and does not hear this node, which others do: it is not ` +
          "let in there";
      const from = isDeaf ? listed.filter((other) => other !== node) : [me];
      const { host } = parseAddress(node.node);
      const remedy = `ssh ${host} '${letIn(from, node, tool)}'`;
      answers.push(wrong(what, why, { remedy, topic }));
    }
  }
  if (answers.length > 0) return answers;
  const all = telling.length === heard.length ? "" : ", as far as they tell";
  return [ok(what, `${namesOf(heard)}: heard here, and this node is heard there${all}`)];
}

const otherMatters: ReadonlySet<NodeTroubleKind> = new Set([
  "left",
  "another secret",
  "forged",
  "clock off",
]);

/** Whether a node is not heard for another reason than a firewall: it took leave, or is not taken. */
function isAnothersMatter(node: NodeStats): boolean {
  return !isHeard(node) && node.troubles.some(({ kind }) => otherMatters.has(kind));
}

function isHeard({ role, last_heard }: NodeStats): boolean {
  return role !== "unknown" && last_heard > 0;
}

function namesOf(nodes: readonly NodeStats[]): string {
  return nodes.map(nodeText).join(", ");
}

/** The command that lets datagrams of these nodes in at another. */
function letIn(from: readonly NodeStats[], at: NodeStats, tool: FirewallTool): string {
  const { port } = parseAddress(at.node);
  return from.map(({ node }) => rule("in", parseAddress(node).host, port, tool)).join(" && ");
}

/** The command that lets datagrams to these nodes out. */
function letOut(to: readonly NodeStats[], tool: FirewallTool): string {
  return to.map(({ node }) => parseAddress(node))
    .map(({ host, port }) => rule("out", host, port, tool)).join(" && ");
}

/** The words for the two ways of a datagram in each tool's language. */
const ways = {
  in: {
    ufw: (host: string) => `proto udp from ${host} to any`,
    chain: "input",
    address: "saddr",
    flag: "-s",
  },
  out: {
    ufw: (host: string) => `out proto udp to ${host}`,
    chain: "output",
    address: "daddr",
    flag: "-d",
  },
} as const;

/**
 * The command that lets datagrams pass.
 *
 * @param way whether they come in or go out
 * @param host the address of the other side
 * @param port the port that they go to
 */
function rule(way: keyof typeof ways, host: string, port: number, tool: FirewallTool): string {
  const { ufw, chain, address, flag } = ways[way];
  const isV6 = host.includes(":");
  switch (tool) {
    case "ufw":
      return `ufw allow ${ufw(host)} port ${port}`;
    case "nft": {
      const family = isV6 ? "ip6" : "ip";
      return `nft insert rule inet filter ${chain} ${family} ${address} ${host} udp dport ${port} accept`;
    }
    case "iptables": {
      const command = isV6 ? "ip6tables" : "iptables";
      return `${command} -I ${chain.toUpperCase()} -p udp ${flag} ${host} --dport ${port} -j ACCEPT`;
    }
  }
}
