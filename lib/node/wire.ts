import type { Address } from "../base/address.ts";
import type { Clock } from "../base/clock.ts";
import type { EventLevel } from "../base/log_level.ts";
import { parseAddress } from "../config/address.ts";
import type { LegionConfig } from "../config/config.ts";
import type { Announcement } from "../legion/announcement.ts";
import { type Codec, createCodec } from "./codec.ts";
import { type Open, openPatiently } from "./patient_transport.ts";
import type { Transport } from "./transport.ts";

/** The means to listen. */
export interface WireContext {
  /** Begins to listen, as `LegionRunnerOptions.open`. */
  readonly open: Open;
  /** The clock of the attempts to listen. */
  readonly clock: Clock;
  /** Takes the lines for the log until {@link Wire.listen}. */
  readonly log: (level: EventLevel, message: string) => void;
}

/** The listeners of a wire: each is told of one kind of thing that comes. */
export interface Ears {
  /** Takes the lines for the log. */
  readonly log: (level: EventLevel, message: string) => void;
  /** Takes an announcement and its source. */
  readonly heard: (said: Announcement, from: Address) => void;
  /**
   * Told of a datagram that cannot be read, or whose announcement was not taken, with the
   * announcement if there was one.
   */
  readonly dropped: (from: Address, error: unknown, said?: Announcement) => void;
  /** Told of a datagram that could not be sent. */
  readonly unsent: (to: Address, reason: string) => void;
}

/** The announcements of a legion on the network, a datagram each. */
export class Wire {
  readonly #codec: Codec;
  readonly #transport: Transport;
  readonly #told: { ears?: Ears };

  private constructor(codec: Codec, transport: Transport, told: { ears?: Ears }) {
    this.#codec = codec;
    this.#transport = transport;
    this.#told = told;
  }

  /**
   * Opens the legion's address. One that is not on this machine yet is waited for.
   *
   * @throws BindError when the legion's address cannot be listened on for another reason
   */
  static async open(config: LegionConfig, context: WireContext): Promise<Wire> {
    const { address, casting, multicastTtl: ttl } = config;
    const { open, clock } = context;
    const told: { ears?: Ears } = {};
    const codec = await createCodec(config);
    const received = (datagram: Uint8Array, from: Address) => {
      let said: Announcement | undefined;
      try {
        said = codec.read(datagram);
        told.ears?.heard(said, from);
      } catch (error) {
        // No datagram may end the node, not even one that meets a mistake in this program.
        told.ears?.dropped(from, error, said);
      }
    };
    const transport = await openPatiently({
      address,
      casting,
      ttl,
      longest: codec.longest,
      received,
      unsent: (to, reason) => told.ears?.unsent(to, reason),
      clock,
      log: (level, message) => (told.ears ?? context).log(level, message),
    }, open);
    return new Wire(codec, transport, told);
  }

  /**
   * Tells these of all that comes from now on. Datagrams that came before are lost, as on any
   * network.
   */
  listen(ears: Ears): void {
    this.#told.ears = ears;
  }

  /** Resolves when the address is listened on; undefined: it has been from the beginning. */
  get opened(): Promise<void> | undefined {
    return this.#transport.opened;
  }

  /**
   * Sends an announcement.
   *
   * @param also the source addresses of more nodes, `host:port`
   */
  send(
    announcement: Announcement,
    { nodes, also }: { readonly nodes: readonly Address[]; readonly also: readonly string[] },
  ): void {
    const datagram = this.#codec.write(announcement);
    for (const node of nodes) this.#transport.send(datagram, node);
    for (const address of also) {
      // Source addresses come from outside: port 0, for one, is no address to send to.
      if (!address.endsWith(":0")) this.#transport.send(datagram, parseAddress(address));
    }
  }

  /** Ends; resolves when nothing is received any more. */
  async close(): Promise<void> {
    await this.#transport.close();
  }
}
