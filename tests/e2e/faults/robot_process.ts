import { TestProcess } from "../../process.ts";
import type { Lan } from "./lan.ts";

/** Who may log in at the Robot. */
export const account = { username: "FOO", password: "BAR" };
/** The address that the drills are about. */
export const failoverAddress = "4.4.4.4";
/** What its process says, each before its value. */
export const robotSays = { isAt: "the address is at ", pointsTo: "it points to " };

/** A simulated Robot on the switch of a network. */
export class RobotProcess implements AsyncDisposable {
  readonly #process: TestProcess;
  /** The URL of the failover address. */
  readonly url: string;

  private constructor(process: TestProcess, url: string) {
    this.#process = process;
    this.url = url;
  }

  /** @param switchMs how long a switch takes */
  static async start(lan: Lan, switchMs: number): Promise<RobotProcess> {
    const script = new URL("robot.ts", import.meta.url).pathname;
    const program = [Deno.execPath(), "run", "-A", "--quiet", script];
    const [command, ...args] = [
      ...lan.on("switch"),
      ...program,
      lan.switchAddress,
      `${switchMs}`,
      ...lan.addresses,
    ];
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
