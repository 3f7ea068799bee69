import { delay } from "@std/async/delay";
import { failover } from "../../lab/failover.ts";
import { run } from "../../lab/run.ts";
import { ServerMemory } from "../../lab/server_memory.ts";
import { type Ending, startAgain, supervised } from "../../lab/start_again.ts";
import type { TestProcess } from "../../lab/process.ts";
import { configuration, type Failing, nodeName, type Plan, socketOf, trouble } from "./_plan.ts";
import { Diary } from "./diary.ts";
import type { Lan } from "../../lab/lan.ts";
import { RobotProcess } from "../../lab/robot_process.ts";
import { type Settings, switchSeconds } from "./settings.ts";
import { WallClock } from "./wall_clock.ts";
import { Watch } from "./watch.ts";

export { legionPort } from "./_plan.ts";

/** The longest wait for a node to do what a drill has it do, in tolerances. */
const patience = 6;

/** The settings of a stage. */
export interface StageOptions {
  readonly lan: Lan;
  readonly settings: Settings;
  /** The plan of each server's node, by the server's index; undefined: no node at first. */
  readonly plans: readonly (Plan | undefined)[];
  /** Give the first node a wall clock of its own. */
  readonly ownClock: boolean;
  /** Ends all waits. */
  readonly signal: AbortSignal;
}

/** The nodes of one drill, the lower the index the higher the valor; and a Robot. */
export interface Stage extends AsyncDisposable {
  readonly lan: Lan;
  readonly settings: Settings;
  /** All processes of nodes that were started, in this order; some may have ended. */
  readonly processes: readonly TestProcess[];
  readonly diaries: readonly Diary[];
  readonly watch: Watch;
  readonly robot: RobotProcess;
  /** The first node's wall clock, where it has its own. */
  readonly clock?: WallClock;
  /** The servers whose node runs, by their indexes. */
  readonly servers: readonly number[];
  /** The process of a server's node. */
  node(server: number): TestProcess;
  /** Starts a node on a server that has none. */
  start(server: number, plan: Plan): Promise<void>;
  /** Ends a server's node, and waits for its end. */
  end(server: number, signal: Deno.Signal): Promise<void>;
  /** Ends the process of a server's node, which its supervisor starts again at once. */
  startAgain(server: number, ending: Ending): Promise<void>;
  /** Ends a server's node, and boots the server: its runtime directory is empty then. */
  reboot(server: number, signal: Deno.Signal): Promise<void>;
  /** Gives a node another plan by SIGHUP, and waits until it has taken it over. */
  reload(server: number, plan: Plan): Promise<void>;
  /** Makes a node's check or lord hook fail; its plan must have it. */
  fail(server: number, what: Failing): Promise<void>;
  /** Makes a check or hook pass again. */
  mend(server: number, what: Failing): Promise<void>;
  /** Whether this node is the only lord; default: any node. */
  isLord(server?: number): boolean;
  /** Whether this node is the only lord, and its server has the address; default: any node. */
  isRight(server?: number): boolean;
  /** Waits for a condition; false when that takes longer. */
  until(condition: () => boolean, seconds: number): Promise<boolean>;
  /**
   * Waits until these nodes are lord, and no other.
   *
   * @throws Error when that takes longer than some tolerances
   */
  lordsAre(...servers: number[]): Promise<void>;
}

/** Starts the Robot and the nodes of a stage; its end ends them. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const { lan, settings, plans, ownClock, signal } = options;
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "failover-faults-" });
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const clock = ownClock ? await WallClock.in(folder) : undefined;
  const robot = made.use(
    await RobotProcess.start(lan, { switchMs: switchSeconds(settings) * 1000 }),
  );
  const started = made.use(new AsyncDisposableStack());
  const diaries = lan.addresses.map((_, server) => new Diary(`${folder}/diary-${server}`));
  const watch = made.use(new Watch(lan.addresses.map((_, server) => socketOf(folder, server))));
  const memories = await Promise.all(
    lan.addresses.map((_, server) => ServerMemory.of(lan, server, folder)),
  );
  const processes: TestProcess[] = [];
  const running = new Map<number, TestProcess>();

  const file = (server: number) => `${folder}/${server}.ini`;
  const write = (server: number, plan: Plan) => {
    const diary = diaries[server];
    const text = configuration({ lan, settings, server, plan, robot, diary, folder });
    return Deno.writeTextFile(file(server), text, { mode: 0o600 });
  };
  const node = (server: number) => {
    const process = running.get(server);
    if (process === undefined) throw new Error(`${nodeName(server)} does not run`);
    return process;
  };
  const spawn = (server: number) => {
    const name = nodeName(server);
    const args = ["node", "--config", file(server), "--name", name];
    const { on, env } = memories[server];
    const ownClock = server === 0 ? clock?.env : undefined;
    const all = { ...supervised, ...env, ...ownClock };
    const process = started.use(failover(name, args, { on, env: all }));
    processes.push(process);
    running.set(server, process);
  };
  const askToRestart = async (server: number) => {
    const { env } = memories[server];
    const args = ["restart", "--config", file(server)];
    const { code, out, err } = await run(args, { on: lan.on(server), env });
    if (code !== 0) throw new Error(`failover restart: exit status ${code}\n${out}${err}`);
  };
  const start = async (server: number, plan: Plan) => {
    await write(server, plan);
    spawn(server);
  };
  const end = async (server: number, signal: Deno.Signal) => {
    await node(server).end(signal);
    await diaries[server].ended();
    running.delete(server);
  };
  const until = async (condition: () => boolean, seconds: number) => {
    const deadline = performance.now() + seconds * 1000;
    while (!condition()) {
      if (performance.now() > deadline) return false;
      await delay(5, { signal });
    }
    return true;
  };

  const isLord = (server = watch.lords[0] ?? -1) => watch.lords.join() === `${server}`;

  for (const [server, plan] of plans.entries()) if (plan !== undefined) await start(server, plan);
  const all = made.move();
  return {
    lan,
    settings,
    processes,
    diaries,
    watch,
    robot,
    clock,
    get servers() {
      return [...running.keys()].sort();
    },
    node,
    start,
    end,
    async startAgain(server, ending) {
      const process = node(server);
      const end = ending === "kill" ? () => process.signal("SIGKILL") : () => askToRestart(server);
      await startAgain(process, end, async () => {
        await diaries[server].ended();
        spawn(server);
      });
    },
    async reboot(server, signal) {
      await end(server, signal);
      await memories[server].reboot();
    },
    async reload(server, plan) {
      await write(server, plan);
      const from = node(server).lines.length;
      node(server).signal("SIGHUP");
      await node(server).line(/read anew: legion/, from);
    },
    fail: (server, what) => Deno.writeTextFile(trouble(folder, server, what), ""),
    mend: (server, what) => Deno.remove(trouble(folder, server, what)),
    isLord,
    isRight(server = watch.lords[0] ?? -1) {
      return isLord(server) && robot.activeServerIp === lan.addresses[server];
    },
    until,
    async lordsAre(...servers) {
      const are = await until(
        () => watch.lords.join() === servers.join(),
        patience * settings.toleranceSeconds,
      );
      if (are) return;
      const named = (indexes: readonly number[]) => indexes.map(nodeName).join(", ") || "nobody";
      throw new Error(`${named(servers)} is to be lord, and it is ${named(watch.lords)}`);
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
