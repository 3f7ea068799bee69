import { dirname } from "node:path";
import { ownUnit } from "../systemd.ts";
import { type Answer, note, ok, unknown, wrong } from "./answer.ts";
import type { AskTool, Said } from "./tool.ts";

/** The unit that runs the node, as systemd knows it: its properties by their names. */
export type UnitFacts = Readonly<Record<string, string>>;

/** The unit that `failover systemd` prints. */
export const unitName = "failover.service";

const properties = [
  "LoadState",
  "ActiveState",
  "UnitFileState",
  "FragmentPath",
  "NeedDaemonReload",
  "User",
  "Group",
  "MainPID",
  "ProtectHome",
  "PrivateTmp",
  "AmbientCapabilities",
  "CapabilityBoundingSet",
];

const addressDropIn = `/etc/systemd/system/${unitName}.d/address.conf`;

/**
 * Asks systemd about the unit; undefined: systemd does not run here.
 *
 * @param isBooted whether systemd runs here, where it does not answer
 */
export async function unitHere(ask: AskTool, isBooted: boolean): Promise<UnitFacts | undefined> {
  const facts = factsIn(await ask("systemctl", "show", "-p", properties.join(","), unitName));
  return facts ?? (isBooted ? { LoadState: "unknown" } : undefined);
}

function factsIn(said: Said): UnitFacts | undefined {
  if (said.kind !== "said" || !said.success) return undefined;
  const facts = Object.fromEntries(
    said.out.split("\n").filter((line) => line.includes("=")).map((line) => {
      const equals = line.indexOf("=");
      return [line.slice(0, equals), line.slice(equals + 1)];
    }),
  );
  return facts.LoadState === undefined ? undefined : facts;
}

/** Whether systemd has such a unit. */
export function isInstalled(unit: UnitFacts | undefined): unit is UnitFacts {
  return unit !== undefined && unit.LoadState === "loaded";
}

/**
 * Is the unit installed, current and enabled?
 *
 * @param read reads the unit's file; undefined: it cannot be read
 * @param needsAddresses whether its node is to have addresses on a device
 */
export function unitAnswers(
  unit: UnitFacts | undefined,
  read: (path: string) => string | undefined,
  needsAddresses = false,
): Answer[] {
  const what = "unit";
  const topic = "install";
  if (unit === undefined) {
    const why =
      "there is no systemd here: something else must start the node after a crash or boot";
    return [note(what, why, { topic })];
  }
  const { LoadState, FragmentPath: path, UnitFileState, NeedDaemonReload } = unit;
  if (LoadState === "unknown") return [unknown(what, "systemctl does not answer")];
  if (LoadState === "masked") {
    return [wrong(what, "it is masked, and never starts", { remedy: "systemctl unmask failover" })];
  }
  if (LoadState === "not-found") {
    const remedy = `failover systemd > /etc/systemd/system/${unitName} && systemctl daemon-reload`;
    const why = `there is no ${unitName}: nothing starts the node after a crash or boot`;
    return [note(what, why, { remedy, topic })];
  }
  if (LoadState !== "loaded") {
    const remedy = `systemd-analyze verify ${path || unitName}`;
    return [wrong(what, `systemd cannot use it (${LoadState})`, { remedy })];
  }
  const answers: Answer[] = [];
  const text = read(path);
  if (text === undefined) answers.push(unknown(what, `${path} cannot be read`));
  else if (text !== ownUnit()) {
    const remedy = `failover systemd > ${path} && systemctl daemon-reload`;
    const why = `${path} is not the one that this version prints: own settings go into a drop-in`;
    answers.push(note(what, why, { remedy, topic }));
  }
  if (NeedDaemonReload === "yes") {
    const remedy = "systemctl daemon-reload";
    answers.push(wrong(what, "its file is newer than what systemd has read", { remedy }));
  }
  if (!/^(enabled|static|generated|alias)/.test(UnitFileState)) {
    const why = `it is ${UnitFileState || "not enabled"}: the node does not start at boot`;
    answers.push(wrong(what, why, { remedy: "systemctl enable failover" }));
  }
  const lacking = needsAddresses ? lackingRights(unit) : [];
  if (lacking.length > 0) {
    const remedy = `mkdir -p ${dirname(addressDropIn)} && ` +
      `failover systemd --address > ${addressDropIn} && systemctl daemon-reload && failover restart`;
    const why = `for address: its user has no ${lacking.join(" and ")}`;
    answers.push(wrong(what, why, { remedy, topic: "configuration" }));
  }
  return answers.length > 0 ? answers : [ok(what, `${path} is current, and starts at boot`)];
}

/** The rights to have addresses that the unit's user lacks, as far as systemd tells. */
function lackingRights(unit: UnitFacts): string[] {
  const { User: user = "", AmbientCapabilities, CapabilityBoundingSet } = unit;
  const isRoot = user === "" || user === "root";
  const rights = (isRoot ? CapabilityBoundingSet : AmbientCapabilities)?.split(" ");
  if (rights === undefined) return [];
  return ["CAP_NET_ADMIN", "CAP_NET_RAW"].filter((right) => !rights.includes(right.toLowerCase()));
}
