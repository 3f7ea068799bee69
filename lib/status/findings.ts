import type { HelpTopic } from "../base/help_topic.ts";
import { isAmong, isNetAddress } from "../base/ip_address.ts";
import { bareHost } from "../base/url_host.ts";
import { failedHooks } from "./failed_hooks.ts";
import type { Finding } from "./finding.ts";
import { amissReasons, justMetFindings, lordFindings, standBackTopic } from "./_lord_findings.ts";
import { isWhyNoGuarantee, nodeFindings } from "./_node_findings.ts";
import type { NodeTroubleKind } from "./node_stats.ts";
import type { AddressStats, MisplacedStats } from "./address_stats.ts";
import type { LegionStats, Stats } from "./report.ts";
import { standsBackText } from "./stands_back.ts";
import { nodeText } from "./voters_up.ts";

// The age in seconds after which datagrams with a wrong key are no longer a finding where the rows
// of the nodes do not tell whose they are: the key has been mended, or somebody has given up.
const badKeySeconds = 600;

/** The reasons of dropped datagrams that are findings, and the trouble of a node that tells them. */
const badDatagrams: readonly {
  readonly reasons: readonly string[];
  readonly text: string;
  readonly topic: HelpTopic;
  readonly trouble: NodeTroubleKind;
}[] = [
  {
    reasons: ["undecipherable", "size", "malformed"],
    text: "datagrams with another secret, IV or cipher come in",
    topic: "secret",
    trouble: "another secret",
  },
  {
    reasons: ["unleased"],
    text: "a node of uWSGI's, or with legion-lease off, is ignored: legion-lease is on here",
    topic: "nodes-differ",
    trouble: "other lease",
  },
  {
    reasons: ["forged"],
    text: "datagrams without the mac of legion-auth come in",
    topic: "secret",
    trouble: "forged",
  },
];

/**
 * The findings about a node's legions, the worst first; one cause is told once.
 *
 * @param nowSeconds the wall clock, in seconds since 1970
 */
export function findings(stats: Stats, nowSeconds = Date.now() / 1000): Finding[] {
  const { legions, not_read_anew } = stats;
  const found = legions.flatMap((legion) => {
    const about = legions.length > 1 ? `${legion.legion}: ` : "";
    return legionFindings(legion, nowSeconds).map((one): Finding => ({
      ...one,
      text: about + one.text,
    }));
  });
  if (not_read_anew !== "") {
    const text = `the configuration was not read anew, and a start would fail: ${not_read_anew}`;
    found.push({ level: "warning", text, topic: "not-read-anew" });
  }
  return [...found.filter(isCritical), ...found.filter((finding) => !isCritical(finding))];
}

function isCritical({ level }: Finding): boolean {
  return level === "critical";
}

function legionFindings(legion: LegionStats, nowSeconds: number): Finding[] {
  const lord = lordFindings(legion, nowSeconds);
  return [
    ...lord,
    ...legion.addresses.flatMap((address) => addressFindings(address, legion)),
    ...legion.misplaced.map((one) => misplacedFinding(one, legion)),
    ...nodeFindings(legion),
    ...ownFindings(legion, lord),
    // The node that is missing comes first, and then what follows from it.
    ...justMetFindings(legion),
  ];
}

function addressFindings(address: AddressStats, legion: LegionStats): Finding[] {
  const { ip, wanted, points_to: to, seen, problem, taken_over_by: by = "", provider } = address;
  const isOnDevice = provider === "device";
  const isLord = legion.state === "lord";
  const out: Finding[] = [];
  const there = to ? ownerOf(to, legion) : undefined;
  // Where the lord hook has a wrong address, that is told of it.
  const isWrong = legion.misplaced.some((one) => one.kind === "another server" && one.ip === ip);
  if (isLord && seen > 0 && to !== wanted && !(isWrong && to && isOwn(to, legion))) {
    const where = `${to ? `to ${to}` : "nowhere"}${there ? `, ${there}` : ""}`;
    const taker = by === legion.name ? "this node" : by;
    const text = by === ""
      ? `${ip} points ${where}, not here`
      : `${ip} is not known to be here: it pointed ${where} before ${taker} took over`;
    const topic = isOnDevice ? "address-on-device" : "address-elsewhere";
    out.push({ level: "critical", text, topic });
  }
  if (!isLord) out.push(...missedByLord(address, legion));
  const other = ownerOf(wanted, legion);
  if (other !== undefined && !isWrong) {
    const text = `${ip} is to point to ${wanted}, which is ${other}, not this node`;
    out.push({ level: isLord ? "critical" : "warning", text, topic: "wrong-target" });
  }
  if (problem !== "" && !isToldElsewhere(problem, legion)) {
    const topic = isOnDevice ? "address-on-device" : "takeover-fails";
    out.push({ level: "warning", text: `${ip}: ${problem}`, topic });
  }
  return out;
}

function misplacedFinding(
  { kind, ip, wanted, line }: MisplacedStats,
  legion: LegionStats,
): Finding {
  const isLord = legion.state === "lord";
  const level = isLord ? "critical" : "warning";
  switch (kind) {
    case "another server": {
      const other = ownerOf(wanted, legion);
      const whose = other === undefined
        ? "on no interface of this server"
        : `${other}, not this node`;
      const text = `${ip} is to point to ${wanted} (active_ip, line ${line}), which is ${whose}`;
      return { level, text, topic: "wrong-target" };
    }
    case "nowhere here": {
      const so = isLord ? "does not answer for it" : "would not answer for it as lord";
      const what = isNetAddress(ip) ? `but for its net address ${ip}/64` : ip;
      const text = `${what} is on no interface of this server, which ${so}`;
      return { level, text, topic: "address-missing" };
    }
  }
}

/**
 * An address that points to a node which is not the lord, as the lord itself has told; or to where
 * this node would have it, too, be it that both name one server.
 */
function missedByLord(address: AddressStats, { roster, lords }: LegionStats): Finding[] {
  const { ip, wanted, points_to: to, seen, seen_by, taken_over_by } = address;
  const lord = roster.find(({ role, is_this }) => role === "lord" && !is_this);
  const isTold = seen > 0 && taken_over_by === "" && seen_by === lord?.name && lords.length === 1;
  if (!isTold || lord === undefined || !to) return [];
  const owners = roster.filter(({ listed, node }) => listed && isAmong(to, [hostOf(node)]));
  if (owners.length === 0 && to === wanted) {
    const text = `${ip} points to ${to}, where this node would have it, and ${nodeText(lord)} is ` +
      "the lord: do both name one server?";
    return [{ level: "warning", text, topic: "wrong-target" }];
  }
  if (owners.length === 0 || owners.includes(lord)) return [];
  const text = `${ip} points to ${to}, ${nodeText(owners[0])}, and ${nodeText(lord)} is the lord`;
  return [{ level: "warning", text, topic: "address-elsewhere" }];
}

function isOwn(address: string, { roster }: LegionStats): boolean {
  return roster.some(({ is_this, node }) => is_this && isAmong(address, [hostOf(node)]));
}

/** The other listed node that has an address; undefined: none, or it is this node's too. */
function ownerOf(wanted: string, { roster }: LegionStats): string | undefined {
  const owners = roster.filter(({ listed, node }) => listed && isAmong(wanted, [hostOf(node)]));
  return owners.some(({ is_this }) => is_this) ? undefined : owners.map(nodeText).at(0);
}

function hostOf(node: string): string {
  return bareHost(node.replace(/:\d+$/, ""));
}

/** Whether a hook or a reason to stand back tells of the same. */
function isToldElsewhere(problem: string, legion: LegionStats): boolean {
  const hooks = failedHooks(legion).map(({ result }) => result);
  const told = [...hooks, ...legion.stands_back.map(({ why }) => why)];
  const isRefused = problem.startsWith("UNAUTHORIZED") &&
    legion.stands_back.some(({ kind }) => kind === "refused");
  return isRefused || told.some((text) => text.includes(problem));
}

/**
 * The findings about this node itself, and about what comes in.
 *
 * @param told what is told already of the lord
 */
function ownFindings(legion: LegionStats, told: readonly Finding[]): Finding[] {
  const { memory_trouble } = legion;
  const out: Finding[] = [];
  const warn = (text: string, topic: HelpTopic) => out.push({ level: "warning", text, topic });
  const isAlone = legion.nodes.length === 0 && legion.members.length === 0;
  // An upgrade that went on to the next node now would cost the lord its quorum.
  if (!isAlone && isNew(legion)) {
    warn("this node has just started and supports no lord yet", "just-started");
  }
  const isTold = legion.roster.some((node) => isWhyNoGuarantee(node, legion));
  if (legion.guarantee === "none" && !isAlone && !isTold) {
    const why = legion.guarantee_why === "" ? "" : ` (${legion.guarantee_why})`;
    warn(
      `guarantee none${why}: when nodes lose sight of each other, two may be lord at once`,
      "no-guarantee",
    );
  }
  if (memory_trouble !== "") warn(memory_trouble, "memory");
  const back = amissReasons(legion).map(standsBackText)
    .filter((why) => !told.some(({ text }) => text.includes(why)));
  if (back.length > 0) {
    warn(`stands back: ${back.join("; ")}`, standBackTopic(legion) ?? "stands-back");
  }
  for (const { event, line, result } of failedHooks(legion)) {
    warn(`${event} hook (line ${line}): ${result}`, "hook-failed");
  }
  for (const { reasons, text, topic, trouble } of badDatagrams) {
    if (comeIn(legion, reasons) && !isTrouble(legion, trouble)) warn(text, topic);
  }
  return out;
}

function comeIn(legion: LegionStats, reasons: readonly string[]): boolean {
  const { dropped, roster, tolerance_seconds, freq_seconds } = legion;
  // A listed node that still has a wrong key is in trouble: the finding ends once it is mended.
  const isListed = roster.some(({ listed, is_this }) => listed && !is_this);
  const longest = isListed ? Math.max(tolerance_seconds, 3 * freq_seconds) : badKeySeconds;
  return reasons.flatMap((reason) => dropped[reason] ?? [])
    .some(({ last_seconds_ago }) => last_seconds_ago <= longest);
}

function isTrouble({ roster }: LegionStats, kind: NodeTroubleKind): boolean {
  return roster.some(({ troubles }) => troubles.some((trouble) => trouble.kind === kind));
}

/**
 * Whether a node does not count for a lord yet: under the lease that lasts for the tolerance after
 * its start.
 */
function isNew({ state, leased, lords, supports }: LegionStats): boolean {
  if (state === "listening") return lords.length > 0;
  const votes = state === "follower" || state === "stands back";
  return votes && leased && lords.length > 0 && supports === "";
}
