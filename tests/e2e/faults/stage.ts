import { delay } from "@std/async/delay";
import { failover } from "../../lab/failover.ts";
import type { TestProcess } from "../../lab/process.ts";
import { Diary } from "./diary.ts";
import type { Lan } from "../../lab/lan.ts";
import { account, failoverAddress, RobotProcess } from "../../lab/robot_process.ts";
import { type Settings, switchSeconds } from "./settings.ts";
import { WallClock } from "./wall_clock.ts";
import { Watch } from "./watch.ts";

/** The port of the legion. */
export const legionPort = 2000;

/** What a stage is made of. */
export interface StageOptions {
  readonly lan: Lan;
  readonly settings: Settings;
  /** Give the first node a wall clock of its own. */
  readonly ownClock: boolean;
  /** Ends all waits. */
  readonly signal: AbortSignal;
}

/** The nodes of one drill, a node on each server, the first with the highest valor; and a Robot. */
export interface Stage extends AsyncDisposable {
  readonly lan: Lan;
  readonly nodes: readonly TestProcess[];
  readonly diaries: readonly Diary[];
  readonly watch: Watch;
  readonly robot: RobotProcess;
  /** The first node's wall clock, where it has its own. */
  readonly clock?: WallClock;
  /** Whether the first node is the only lord, and has the address. */
  readonly isRight: boolean;
  /** Waits for a condition; false when that takes longer. */
  until(condition: () => boolean, seconds: number): Promise<boolean>;
}

/** Starts all of it. */
export async function setStage({ lan, settings, ownClock, signal }: StageOptions): Promise<Stage> {
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "failover-faults-" });
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const clock = ownClock ? await WallClock.in(folder) : undefined;
  const robot = made.use(
    await RobotProcess.start(lan, { switchMs: switchSeconds(settings) * 1000 }),
  );
  const diaries = lan.addresses.map((_, index) => new Diary(`${folder}/diary-${index}`));
  const sockets = lan.addresses.map((_, index) => `${folder}/${index}.sock`);
  const nodes: TestProcess[] = [];
  for (const index of lan.addresses.keys()) {
    const text = configuration({ lan, settings, index, robot, diary: diaries[index] });
    const file = `${folder}/${index}.ini`;
    await Deno.writeTextFile(file, `${text}\nstats = ${sockets[index]}\n`, { mode: 0o600 });
    const env = index === 0 ? clock?.env : undefined;
    const name = `server-${index + 1}`;
    const args = ["node", "--config", file, "--name", name];
    nodes.push(made.use(failover(name, args, { on: lan.on(index), env })));
  }
  const watch = made.use(new Watch(sockets));
  const all = made.move();
  return {
    lan,
    nodes,
    diaries,
    watch,
    robot,
    clock,
    get isRight() {
      return robot.activeServerIp === lan.addresses[0] && watch.lords.join() === "0";
    },
    async until(condition, seconds) {
      const deadline = performance.now() + seconds * 1000;
      while (!condition()) {
        if (performance.now() > deadline) return false;
        await delay(5, { signal });
      }
      return true;
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

interface NodeOptions extends Pick<StageOptions, "lan" | "settings"> {
  readonly index: number;
  readonly robot: RobotProcess;
  readonly diary: Diary;
}

function configuration({ lan, settings, index, robot, diary }: NodeOptions): string {
  const { freqSeconds, toleranceSeconds, quorum, lease } = settings;
  const own = lan.addresses[index];
  const others = lan.addresses.filter((address) => address !== own);
  const { username, password } = account;
  const takeover = `username=${username},password=${password},ip=${failoverAddress},` +
    `active_ip=${own},url=${robot.url}`;
  return [
    "[uwsgi]",
    `legion = drill ${own}:${legionPort} ${30 - index} aes-128-cbc:secret1`,
    ...others.map((address) => `legion-node = drill ${address}:${legionPort}`),
    `legion-quorum = drill ${quorum}`,
    `legion-freq = ${freqSeconds}`,
    `legion-tolerance = ${toleranceSeconds}`,
    `legion-lease = drill ${lease}`,
    `legion-death-on-lord-error = ${toleranceSeconds}`,
    `legion-lord = drill hetzner-failoverip:${takeover}`,
    `legion-lord = drill ${diary.hook("lord")}`,
    `legion-unlord = drill ${diary.hook("unlord")}`,
  ].join("\n");
}
