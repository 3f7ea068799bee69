import { TestProcess } from "./process.ts";
import type { Certificate } from "./certificate.ts";
import type { Lan } from "./lan.ts";

/** Who may log in at the Robot. */
export const account = { username: "FOO", password: "BAR" };
/** The address that the drills are about. */
export const failoverAddress = "4.4.4.4";
/** What its process says, each before its value. */
export const robotSays = {
  isAt: "the address is at ",
  pointsTo: "it points to ",
  asked: "it is to point to ",
};

/** How to run it. */
export interface RobotProcessOptions {
  /** How long a switch takes. */
  readonly switchMs: number;
  /** Serve https, with a certificate for the switch's address. */
  readonly tls?: Certificate;
}

/** What its process is told. */
export interface RobotArgument extends RobotProcessOptions {
  /** The address to listen on. */
  readonly host: string;
  /** The servers' main addresses. */
  readonly servers: readonly string[];
}

/** A request for a switch. */
export interface AskedSwitch {
  /** The address of the server to route to. */
  readonly to: string;
  /** When its headers came, by `preciseTimeMs`. */
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
      ...options,
      host: lan.switchAddress,
      servers: lan.addresses,
    };
    const program = [Deno.execPath(), "run", "--quiet", "-P", script, JSON.stringify(argument)];
    const [command, ...args] = [...lan.on("switch"), ...program];
    await using stack = new AsyncDisposableStack();
    const process = stack.use(new TestProcess({ name: "robot", command, args }));
    const index = await process.line(new RegExp(`^${robotSays.isAt}`));
    stack.move();
    return new RobotProcess(process, process.lines[index - 1].slice(robotSays.isAt.length));
  }

  /** Where the failover address points; undefined: nowhere. */
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
   * @param to only one to this server
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
