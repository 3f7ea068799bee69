import type { NodeStats } from "../../status/node_stats.ts";
import type { LegionStats, Stats } from "../../status/report.ts";
import { isAmiss } from "../../status/stands_back.ts";
import { type Answer, note, ok } from "./answer.ts";

/**
 * The other listed nodes with which all is well, one answer each, and names that are the same and
 * versions that differ. Those that are not well are among the findings of the status.
 */
export function peerAnswers({ legions, version }: Pick<Stats, "legions" | "version">): Answer[] {
  return legions.flatMap((legion) =>
    legion.roster.filter((node) => node.listed && !node.is_this)
      .flatMap((node) => [
        ...wellAnswers(node, legion),
        ...nameAnswers(node, legion),
        ...versionAnswers(node, version),
      ])
  );
}

function wellAnswers(node: NodeStats, { roster, legion }: LegionStats): Answer[] {
  const { name, role, valor, version, hears, troubles, stands_back } = node;
  if (troubles.length > 0 || role === "unknown" || stands_back.some(isAmiss)) return [];
  const me = roster.find(({ is_this }) => is_this)?.node ?? "";
  const parts = [
    role,
    `valor ${valor}`,
    "heard",
    hears === null ? "does not tell whom it hears" : hears.includes(me) ? "hears this node" : "",
    "the same secret and list, and the clock is right",
    version === "" ? "" : `version ${version}`,
  ];
  const why = `${name} in ${legion}: ${parts.filter((part) => part !== "").join(", ")}`;
  return [ok(`node ${node.node}`, why)];
}

/** Names are for people: the legion knows its nodes by their addresses. */
function nameAnswers({ node, name }: NodeStats, { roster }: LegionStats): Answer[] {
  const me = roster.find(({ is_this }) => is_this);
  if (name === "" || me?.name !== name) return [];
  const why = `it has this node's name, ${name}: log and status do not tell the two apart`;
  return [
    note(`node ${node}`, why, { remedy: "hostnamectl set-hostname NAME && failover restart" }),
  ];
}

function versionAnswers({ node, name, version }: NodeStats, own: string): Answer[] {
  if (version === "" || version === own) return [];
  const why = `${name} runs version ${version}, and this node ${own}`;
  return [note(`node ${node}`, why, { topic: "install" })];
}
