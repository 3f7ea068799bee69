import { errorMessage } from "../base/error_message.ts";
import { printable } from "../base/printable.ts";

/** The environment variables that {@link Notifier} reads. */
export const notifyVariables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;

/** The facts of the process that a {@link Notifier} needs. */
export interface NotifierOptions {
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** The process id. */
  readonly pid: number;
  /** Called once with the reason why the service manager cannot be told anything. */
  readonly warn: (message: string) => void;
}

// The most messages to wait: a service manager this far behind does not listen any more.
const maxWaiting = 100;

/**
 * Tells the service manager how this process is: sd_notify(3), a datagram for each message to the
 * UNIX socket NOTIFY_SOCKET. Without that variable nothing is sent. No call waits for anything or
 * throws: a service manager that does not listen must not cost an address.
 */
export class Notifier {
  /** How often the service manager wants to hear {@link Notifier.watchdog}; undefined: never. */
  readonly watchdogMs?: number;
  readonly #options: NotifierOptions;
  readonly #to?: Deno.UnixAddr;
  readonly #waiting: string[] = [];
  #socket?: Deno.DatagramConn;
  #sending?: Promise<void>;
  #closed = false;
  #warned = false;

  /** Reads the variables; nothing is sent yet. */
  constructor(options: NotifierOptions) {
    const { env, pid } = options;
    this.#options = options;
    const at = env("NOTIFY_SOCKET");
    if (!at) return;
    if (!/^[/@]/.test(at)) {
      this.#fail(`NOTIFY_SOCKET is neither a path nor abstract: ${at}`);
      return;
    }
    // The first byte of an abstract address is 0.
    this.#to = { transport: "unixpacket", path: at.replace(/^@/, "\0") };
    this.watchdogMs = watchdogMs(env, pid);
  }

  /** Tells that all addresses are listened on, or a configuration read anew is in force. */
  ready(): void {
    this.#tell("READY=1");
  }

  /** Tells that the configuration is being read anew; {@link Notifier.ready} follows. */
  reloading(): void {
    this.#tell(`RELOADING=1\nMONOTONIC_USEC=${uptimeUs()}`);
  }

  /** Tells that the process has begun to end. */
  stopping(): void {
    this.#tell("STOPPING=1");
  }

  /** Tells that the process is well. */
  watchdog(): void {
    // One message that still waits is enough, since it is about the present.
    if (!this.#waiting.includes("WATCHDOG=1")) this.#tell("WATCHDOG=1");
  }

  /** Tells people in a line what the process does. */
  status(text: string): void {
    // A line break would begin another assignment.
    this.#tell(`STATUS=${printable(text)}`);
  }

  /** Closes the socket; nothing is told afterwards. */
  close(): void {
    this.#closed = true;
    this.#socket?.close();
    this.#socket = undefined;
  }

  #tell(message: string): void {
    if (this.#to === undefined || this.#closed || this.#waiting.length >= maxWaiting) return;
    this.#waiting.push(message);
    this.#sending ??= this.#send(this.#to).finally(() => this.#sending = undefined);
  }

  // Messages go one at a time: the socket takes the next only then.
  async #send(to: Deno.UnixAddr): Promise<void> {
    const encoder = new TextEncoder();
    try {
      // An abstract address needs no file. An empty one would do, but Deno lets only programs with
      // all permissions use it.
      const path = `\0failover-${crypto.randomUUID()}`;
      this.#socket ??= Deno.listenDatagram({ transport: "unixpacket", path });
      for (let message; (message = this.#waiting[0]) !== undefined; this.#waiting.shift()) {
        await this.#socket.send(encoder.encode(message), to);
      }
    } catch (error) {
      this.#waiting.length = 0;
      if (!this.#closed) this.#fail(errorMessage(error));
    }
  }

  #fail(why: string): void {
    if (!this.#warned) this.#options.warn(`the service manager cannot be told anything: ${why}`);
    this.#warned = true;
  }
}

/**
 * The watchdog's interval in milliseconds; undefined: none for this process, as WATCHDOG_PID shows
 * when the environment was handed on.
 */
function watchdogMs(env: NotifierOptions["env"], pid: number): number | undefined {
  const us = env("WATCHDOG_USEC");
  const of = env("WATCHDOG_PID");
  if (us === undefined || (of !== undefined && of !== `${pid}`)) return undefined;
  return /^[1-9]\d*$/.test(us) ? Number(us) / 1000 : undefined;
}

/**
 * The time since boot in microseconds, as of a clock that the service manager knows too. Deno has
 * only whole seconds of it, rounded up, as they must be: a reload that seems older than its signal
 * would not count. The service manager's clock stands still while the machine sleeps, so it is
 * behind this one.
 */
function uptimeUs(): number {
  return Deno.osUptime() * 1_000_000;
}
