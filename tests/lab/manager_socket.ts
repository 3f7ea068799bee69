/** The socket at which a service manager, such as systemd, hears of the state of its services. */
export class ManagerSocket {
  /** The address of the socket, for NOTIFY_SOCKET. */
  readonly at: string;
  readonly #socket: Deno.DatagramConn;
  readonly #folder?: string;
  #closed = false;
  #received?: Promise<string>;

  /** @param at the abstract address to listen at; a new one when left out */
  constructor(kind: "path" | "abstract", at = `@failover-test-${crypto.randomUUID()}`) {
    this.#folder = kind === "path" ? Deno.makeTempDirSync() : undefined;
    this.at = this.#folder === undefined ? at : `${this.#folder}/notify`;
    const path = this.at.replace(/^@/, "\0");
    this.#socket = Deno.listenDatagram({ transport: "unixpacket", path });
  }

  /**
   * Waits for the next message.
   *
   * @throws Error when none comes within 20 s
   */
  async next(): Promise<string> {
    if (await this.quiet(20_000)) throw new Error("waited 20 s for a message");
    const message = await this.#receive();
    this.#received = undefined;
    return message;
  }

  /** Whether no message comes for this time, in milliseconds. */
  async quiet(ms: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, ms, true);
    const came = this.#receive().then(() => false);
    return await Promise.race([came, promise]).finally(() => clearTimeout(timer));
  }

  /** Waits for a message that matches; the result is all messages up to this one. */
  async until(pattern: RegExp): Promise<string[]> {
    const all: string[] = [];
    do all.push(await this.next()); while (!pattern.test(all[all.length - 1]));
    return all;
  }

  /** The oldest message that was not yet taken. */
  #receive(): Promise<string> {
    return this.#received ??= this.#socket.receive().then(([message]) =>
      new TextDecoder().decode(message)
    );
  }

  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
    if (this.#folder !== undefined) Deno.removeSync(this.#folder, { recursive: true });
  }
}
