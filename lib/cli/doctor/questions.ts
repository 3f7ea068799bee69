import { errorMessage } from "../../base/error_message.ts";
import { readFile } from "../../base/read_file.ts";
import { within } from "../../base/within.ts";
import { filesOfActions, upheldIn } from "../../node/configuration.ts";
import { type Answer, unknown } from "./answer.ts";
import { addressAnswers, configurationAnswers, type ReadConfig } from "./configuration.ts";
import { firewallAnswers } from "./firewall.ts";
import { firewallTool } from "./firewall_tool.ts";
import { nodeAnswers, type NodeHere } from "./node_here.ts";
import { peerAnswers } from "./peers.ts";
import { portAnswers, udpSockets } from "./port.ts";
import { type Look, providerAnswers } from "./providers.ts";
import { hiddenAnswers, readableAnswers, type SystemUser } from "./service_user.ts";
import { paceAnswers, timeAnswers } from "./time.ts";
import { type AskTool, toolsHere } from "./tool.ts";
import { isInstalled, unitAnswers, type UnitFacts, unitHere } from "./unit.ts";

/** The surroundings that the questions are about. */
export interface Scene {
  /** The configuration as the user named it. */
  readonly spec: string;
  /** The configuration, as far as it can be read. */
  readonly read: ReadConfig;
  /** Asks the node here for its status. */
  readonly askNode: () => Promise<NodeHere>;
  /** The addresses of this machine; undefined: not known. */
  readonly hosts: readonly string[] | undefined;
  /** The version of this program. */
  readonly version: string;
  /** When this program was installed, in wall clock seconds; undefined: not known. */
  readonly installed: number | undefined;
  /** The user who asks. */
  readonly uid: number | null;
  /** The limit for all questions together, in milliseconds. */
  readonly patienceMs: number;
  /** Looks where an address points, which is counted; undefined: no look is wanted. */
  readonly look?: Look;
}

// The part of the time that a tool or connection may take: the questions about its answer follow.
const part = 0.8;

/** Asks everything, side by side, and returns all answers in the order of the questions. */
export async function askAll(scene: Scene): Promise<Answer[]> {
  const { spec, read, hosts, version, installed, uid, patienceMs, look } = scene;
  const { config } = read;
  const limitMs = part * patienceMs;
  const hasUpheld = config !== undefined && upheldIn(config).length > 0;
  const ask = toolsHere(limitMs / 2);
  const over = new AbortController();
  const node = scene.askNode();
  const unit = unitHere(ask, isBooted());
  const user = Promise.all([node, unit]).then(([node, unit]) => serviceUser(node, unit, ask));
  const questions: readonly [what: string, answers: Promise<Answer[]>][] = [
    ["configuration", Promise.resolve(configurationAnswers(read, spec))],
    [
      "files",
      Promise.all([user, unit]).then(([user, unit]) => {
        return fileAnswers(read, user, { ask, uid, unit });
      }),
    ],
    ["addresses", Promise.resolve(config === undefined ? [] : addressAnswers(config, hosts))],
    [
      "port",
      Promise.all([node, unit, udpSockets(ask)]).then(([node, unit, sockets]) => {
        if (config === undefined) return [];
        const isHanging = "is" in node && node.is === "hanging";
        return portAnswers(config, { sockets, hosts, nodePid: pidOf(node, unit), isHanging });
      }),
    ],
    ["unit", unit.then((unit) => unitAnswers(unit, textIn, hasUpheld))],
    [
      "node",
      Promise.all([node, unit]).then(([node, unit]) => {
        return nodeAnswers(node, {
          config,
          spec,
          version,
          unit,
          installed,
          now: Date.now() / 1000,
        });
      }),
    ],
    ["nodes", node.then((node) => "stats" in node ? peerAnswers(node.stats) : [])],
    [
      "firewall",
      node.then(async (node) => {
        return "stats" in node ? firewallAnswers(node.stats, await firewallTool(ask, textIn)) : [];
      }),
    ],
    [
      "time",
      Promise.all([timeAnswers(ask), node]).then(([answers, node]) => {
        return [...answers, ..."stats" in node ? paceAnswers(node.stats) : []];
      }),
    ],
    [
      "provider",
      config === undefined
        ? Promise.resolve([])
        : providerAnswers(config, { timeoutMs: limitMs, signal: over.signal, look }),
    ],
  ];
  const answers = await Promise.all(
    questions.map(([what, answers]) => inTime(what, answers, patienceMs)),
  );
  over.abort(new Error("the time is over"));
  return answers.flat();
}

/** The answers to a question, or the answer that there are none in time. */
async function inTime(
  what: string,
  asked: Promise<Answer[]>,
  patienceMs: number,
): Promise<Answer[]> {
  let answers = [unknown(what, `no answer within ${patienceMs / 1000} s`)];
  try {
    await within(asked.then((given) => answers = given), patienceMs);
  } catch (error) {
    // A mistake in one question leaves the others their answers.
    return [unknown(what, errorMessage(error))];
  }
  return answers;
}

async function fileAnswers(
  { config, files }: ReadConfig,
  user: SystemUser | undefined,
  { ask, uid, unit }: {
    readonly ask: AskTool;
    readonly uid: number | null;
    readonly unit: UnitFacts | undefined;
  },
): Promise<Answer[]> {
  const all = [...new Set([...files, ...config === undefined ? [] : filesOfActions(config)])];
  const there = all.filter(isThere);
  if (there.length === 0) return [];
  if (user === undefined) {
    return [unknown("files", "whether the node's user can read them: no unit tells the user")];
  }
  const hidden = isInstalled(unit) ? hiddenAnswers(there, unit) : [];
  return [...await readableAnswers(there, user, { ask, uid }), ...hidden];
}

/** The user of the node: of the unit, else of the process that answers. */
async function serviceUser(
  node: NodeHere,
  unit: UnitFacts | undefined,
  ask: AskTool,
): Promise<SystemUser | undefined> {
  if (isInstalled(unit)) return { name: unit.User || "root", group: unit.Group ?? "" };
  if (!("stats" in node)) return undefined;
  const said = await ask("ps", "-o", "user:64=", "-p", `${node.stats.pid}`);
  const name = said.kind === "said" && said.success ? said.out.trim() : "";
  return name === "" ? undefined : { name, group: "" };
}

function pidOf(node: NodeHere, unit: UnitFacts | undefined): number | undefined {
  if ("stats" in node) return node.stats.pid;
  return Number(unit?.MainPID ?? 0) || undefined;
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Whether systemd runs this machine (sd_booted(3)). */
function isBooted(): boolean {
  try {
    return Deno.statSync("/run/systemd/system").isDirectory;
  } catch {
    return false;
  }
}

function textIn(path: string): string | undefined {
  try {
    return new TextDecoder().decode(readFile(path));
  } catch {
    return undefined;
  }
}
