import { type Certificate, makeCertificate } from "./certificate.ts";
import type { Lan } from "./lan.ts";
import { TestProcess } from "./process.ts";

/** The Robot's name, which only the name server on the switch knows. */
export const robotName = "robot.test";

/** The ports of the API's side. */
export const apiPorts = { robot: 8443, names: 53, proxy: 3128 };

/** The argument of the API's process. */
export interface ApiArgument {
  /** The address to listen on. */
  readonly host: string;
  /** The servers' main addresses. */
  readonly servers: readonly string[];
  /** The failover addresses of the account. */
  readonly failovers: readonly string[];
  /** The Robot's certificate. */
  readonly tls: Certificate;
  /** The duration of a switch, in milliseconds. */
  readonly switchMs: number;
  readonly ports: typeof apiPorts;
}

/** A line of the API's process. */
export type ApiEvent =
  | { readonly kind: "ready" }
  | { readonly kind: "maintenance"; readonly is: boolean }
  | { readonly kind: "switch"; readonly ip: string; readonly to: string | null }
  | ApiRequest;

/** A request to the Robot that has ended. */
export interface ApiRequest {
  readonly kind: "request";
  readonly method: string;
  readonly ip: string;
  /** When it came, by the wall clock in milliseconds. */
  readonly atMs: number;
  readonly outcome: string;
}

/** A simulated Robot behind https on the switch of a network, with a name server and a proxy. */
export class ApiProcess implements AsyncDisposable {
  readonly #process: TestProcess;
  /** The certificate to trust. */
  readonly certificate: string;

  private constructor(process: TestProcess, { cert }: Certificate) {
    this.#process = process;
    this.certificate = cert;
  }

  static async start(
    lan: Lan,
    settings: Pick<ApiArgument, "failovers" | "switchMs">,
  ): Promise<ApiProcess> {
    const tls = makeCertificate({ host: robotName });
    const script = new URL("api_on_lan.ts", import.meta.url).pathname;
    const argument: ApiArgument = {
      ...settings,
      tls,
      host: lan.switchAddress,
      servers: lan.addresses,
      ports: apiPorts,
    };
    const program = [Deno.execPath(), "run", "--quiet", "-P", script, JSON.stringify(argument)];
    const [command, ...args] = [...lan.on("switch"), ...program];
    await using stack = new AsyncDisposableStack();
    const process = stack.use(new TestProcess({ name: "api", command, args }));
    await process.line(/"ready"/);
    stack.move();
    return new ApiProcess(process, tls);
  }

  /** The URL of an address. */
  urlOf(ip: string): string {
    return `https://${robotName}:${apiPorts.robot}/failover/${ip}`;
  }

  /** The server's address that an address was switched to last; undefined: none yet. */
  pointsTo(ip: string): string | undefined {
    const last = this.#events.findLast((event) => event.kind === "switch" && event.ip === ip);
    return last?.kind === "switch" ? last.to ?? undefined : undefined;
  }

  /** The requests that came from a moment of the wall clock on, and have ended. */
  requestsSince(fromMs: number): ApiRequest[] {
    return this.#events.flatMap((event) =>
      event.kind === "request" && event.atMs >= fromMs ? event : []
    );
  }

  /** Begins or ends a maintenance: every request is answered by 503. */
  async maintenance(is: boolean): Promise<void> {
    const from = this.#process.lines.length;
    this.#process.signal(is ? "SIGUSR1" : "SIGUSR2");
    await this.#process.line(/"maintenance"/, from);
  }

  get #events(): ApiEvent[] {
    return this.#process.lines.filter((line) => line.startsWith("{")).map((line) =>
      JSON.parse(line)
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}
