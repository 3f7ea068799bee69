import { TestProcess } from "./process.ts";
import type { Certificate } from "./certificate.ts";
import type { Lan } from "./lan.ts";

/** The account that may log in at the Robot. */
export const account = { username: "FOO", password: "BAR" };
/** The address that the drills are about. */
export const failoverAddress = "4.4.4.4";
/** The words of the Robot's process, each followed by a value. */
export const robotSays = {
  isAt: "the address is at ",
  pointsTo: "it points to ",
  asked: "it is to point to ",
};

/** The settings of the Robot's process. */
export interface RobotProcessOptions {
  /** The duration of a switch, in milliseconds. */
  readonly switchMs: number;
  /** The certificate to serve https with, for the switch's address; http when left out. */
  readonly tls?: Certificate;
  /** The port to listen on; any that is free when left out. */
  readonly port?: number;
  /** The servers' main addresses; those on the network when left out. */
  readonly servers?: readonly string[];
}

/** The argument of the Robot's process. */
export interface RobotArgument extends RobotProcessOptions {
  /** The address to listen on. */
  readonly host: string;
  readonly servers: readonly string[];
}

/** A request for a switch. */
export interface AskedSwitch {
  /** The address of the server to route to. */
  readonly to: string;
  /** The time when its headers came, by `preciseTimeMs`. */
  readonly atMs: number;
}

/** A simulated Robot on the switch of a network. */
export class RobotProcess implements AsyncDisposable {
  readonly #process: TestProcess;
  /** The URL of the failover address. */
  readonly url: string;

  private constructor(process: TestProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  static async start(lan: Lan, options: RobotProcessOptions): Promise<RobotProcess> {
    const script = new URL("robot_on_lan.ts", import.meta.url).pathname;
    const argument: RobotArgument = {
      servers: lan.addresses,
      ...options,
      host: lan.switchAddress,
    };
    const program = [Deno.execPath(), "run", "--quiet", "-P", script, JSON.stringify(argument)];
    const [command, ...args] = [...lan.on("switch"), ...program];
    await using stack = new AsyncDisposableStack();
    const process = stack.use(new TestProcess({ name: "robot", command, args }));
    const index = await process.line(new RegExp(`^${robotSays.isAt}`));
    stack.move();
    return new RobotProcess(process, process.lines[index - 1].slice(robotSays.isAt.length));
  }

  /** The server's address that the failover address points to; undefined: nowhere. */
  get activeServerIp(): string | undefined {
    const last = this.#process.lines.findLast((line) => line.startsWith(robotSays.pointsTo));
    return last?.slice(robotSays.pointsTo.length);
  }

  /** All requests for a switch so far. */
  get asked(): AskedSwitch[] {
    return this.#process.lines.filter((line) => line.startsWith(robotSays.asked)).map(askedSwitch);
  }

  /**
   * Waits for the next request for a switch.
   *
   * @param patienceMs the longest wait, in milliseconds
   * @param to the only server that counts; any when left out
   * @throws Error when none comes in that time
   */
  async nextAsked(patienceMs: number, to?: string): Promise<AskedSwitch> {
    const pattern = new RegExp(`^${robotSays.asked}${to === undefined ? "" : `${to} `}`);
    const { lines } = this.#process;
    const index = await this.#process.line(pattern, lines.length, patienceMs);
    return askedSwitch(lines[index - 1]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}

function askedSwitch(line: string): AskedSwitch {
  const [to, atMs] = line.slice(robotSays.asked.length).split(" ");
  return { to, atMs: Number(atMs) };
}
