import type { Lan } from "../../lab/lan.ts";
import { account, failoverAddress, type RobotProcess } from "../../lab/robot_process.ts";
import type { Diary } from "./diary.ts";
import type { Settings } from "./settings.ts";

/** The port of the legion. */
export const legionPort = 2000;

/** The parts of a node that can be made to fail. */
export type Failing = "check" | "hook";

/** The settings of one node; those of the drill hold where it has none. */
export interface Plan extends Partial<Settings> {
  /** The servers in its list, by their indexes, its own among them; default: the first three. */
  readonly list?: readonly number[];
  /** A check, or a lord hook before that of the address, that can fail; default: there is none. */
  readonly failing?: Failing;
  /** Further options, without the legion's name: `["legion-flap", "1/600"]`. */
  readonly more?: readonly (readonly [option: string, value: string])[];
}

/** The parts of a node's configuration. */
export interface NodeOptions {
  readonly lan: Lan;
  readonly settings: Settings;
  /** The node's server, by its index. */
  readonly server: number;
  readonly plan: Plan;
  readonly robot: RobotProcess;
  readonly diary: Diary;
  /** The folder of the drill. */
  readonly folder: string;
}

/** The name of a server's node. */
export function nodeName(server: number): string {
  return `server-${server + 1}`;
}

/** The path of the socket of a node's stats. */
export function socketOf(folder: string, server: number): string {
  return `${folder}/${server}.sock`;
}

/** The path of the file that makes a node's check or hook fail, as long as it is there. */
export function trouble(folder: string, server: number, what: Failing): string {
  return `${folder}/${server}-${what}-fails`;
}

/** The text of a node's configuration. */
export function configuration(options: NodeOptions): string {
  const { lan, settings, server, plan, robot, diary, folder } = options;
  const { freqSeconds, toleranceSeconds, quorum, lease } = { ...settings, ...plan };
  const { list = [0, 1, 2], failing, more = [] } = plan;
  const own = lan.addresses[server];
  const { username, password } = account;
  const takeover = `username=${username},password=${password},ip=${failoverAddress},` +
    `active_ip=${own},url=${robot.url}`;
  const fails = (what: Failing) => `cmd=test ! -e ${trouble(folder, server, what)}`;
  return [
    "[uwsgi]",
    `legion = drill ${own}:${legionPort} ${30 - server} aes-128-cbc:secret1`,
    ...list.filter((other) => other !== server)
      .map((other) => `legion-node = drill ${lan.addresses[other]}:${legionPort}`),
    `legion-quorum = drill ${quorum}`,
    `legion-freq = ${freqSeconds}`,
    `legion-tolerance = ${toleranceSeconds}`,
    `legion-lease = drill ${lease}`,
    `legion-death-on-lord-error = ${settings.toleranceSeconds}`,
    ...failing === "check"
      ? [
        `legion-check = drill ${fails(failing)},interval=${
          0.3 * settings.freqSeconds
        },rise=1,fall=1`,
      ]
      : [],
    ...failing === "hook" ? [`legion-lord = drill ${fails(failing).replace("=", ":")}`] : [],
    `legion-lord = drill hetzner-failoverip:${takeover}`,
    `legion-lord = drill ${diary.hook("lord")}`,
    ...["unlord", "death"].map((event) => `legion-${event} = drill ${diary.hook("unlord")}`),
    ...more.map(([option, value]) => `${option} = drill ${value}`),
    `stats = ${socketOf(folder, server)}`,
    "",
  ].join("\n");
}
