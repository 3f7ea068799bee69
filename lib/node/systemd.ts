import { printable } from "../base/printable.ts";

/** The environment variables that {@link Notifier} reads. */
export const notifyVariables = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const;

/** What a {@link Notifier} has to know of the process. */
export interface NotifierOptions {
  /** An environment variable. */
  readonly env: (name: string) => string | undefined;
  readonly pid: number;
  /** Told once why the service manager is not told; nothing more comes of it. */
  readonly warn: (message: string) => void;
}

// Whoever does not listen for so long listens no more.
const maxWaiting = 100;

/**
 * Tells the service manager how this process is: sd_notify(3), a datagram for each message to the
 * UNIX socket NOTIFY_SOCKET. Without that variable it tells nobody. No call waits for anything or
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

  /** All addresses are listened on, or a configuration read anew is in force. */
  ready(): void {
    this.#tell("READY=1");
  }

  /** The configuration is being read anew; {@link Notifier.ready} follows. */
  reloading(): void {
    this.#tell(`RELOADING=1\nMONOTONIC_USEC=${uptimeUs()}`);
  }

  /** The process has begun to end. */
  stopping(): void {
    this.#tell("STOPPING=1");
  }

  /** The process is well. */
  watchdog(): void {
    // It is about now: of those that nobody takes one is enough.
    if (!this.#waiting.includes("WATCHDOG=1")) this.#tell("WATCHDOG=1");
  }

  /** What the process does, in a line for people. */
  status(text: string): void {
    // A line break would begin another assignment.
    this.#tell(`STATUS=${printable(text)}`);
  }

  /** Lets go of the socket; nothing is told afterwards. */
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

  // One at a time: the socket takes no second one before.
  async #send(to: Deno.UnixAddr): Promise<void> {
    const encoder = new TextEncoder();
    try {
      // An abstract address needs no file; an empty one would do, but for that Deno wants all rights.
      const path = `\0failover-${crypto.randomUUID()}`;
      this.#socket ??= Deno.listenDatagram({ transport: "unixpacket", path });
      for (let message; (message = this.#waiting[0]) !== undefined; this.#waiting.shift()) {
        await this.#socket.send(encoder.encode(message), to);
      }
    } catch (error) {
      this.#waiting.length = 0;
      if (!this.#closed) this.#fail(error instanceof Error ? error.message : `${error}`);
    }
  }

  #fail(why: string): void {
    if (!this.#warned) this.#options.warn(`the service manager cannot be told anything: ${why}`);
    this.#warned = true;
  }
}

/** WATCHDOG_PID names the process that is meant, where the environment was handed on. */
function watchdogMs(env: NotifierOptions["env"], pid: number): number | undefined {
  const us = env("WATCHDOG_USEC");
  const of = env("WATCHDOG_PID");
  if (us === undefined || (of !== undefined && of !== `${pid}`)) return undefined;
  return /^[1-9]\d*$/.test(us) ? Number(us) / 1000 : undefined;
}

/**
 * Deno tells no clock finer than this that another process knows: whole seconds since the boot. They
 * are rounded up, as they must be, since a reload that is older than its signal would not count. The
 * service manager's clock stands still while the machine sleeps: it is behind this one.
 */
function uptimeUs(): number {
  return Deno.osUptime() * 1_000_000;
}
