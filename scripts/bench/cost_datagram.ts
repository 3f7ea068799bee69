import { type Announcement, decodeAnnouncement } from "../../lib/legion/announcement.ts";
import { encodeAnnouncement, noUuid } from "../../lib/legion/announcement.ts";
import { type Cipher, ciphers, createCipher } from "../../lib/legion/cipher.ts";
import type { Effect } from "../../lib/legion/effects.ts";
import { Legion } from "../../lib/legion/legion.ts";
import { legionOptions } from "../../tests/legion/legion_options.ts";
import { medianAtMost } from "./limits.ts";
import type { BenchOptions, Row } from "./section.ts";

const what = "open, decide on and seal one announcement";
const members = 3;
const freqMs = 1000;

/**
 * Measures the processor time of one announcement: the work behind the socket, without the socket.
 */
export async function datagramRows({ runs, wants, progress }: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const cipher of Object.keys(ciphers) as (keyof typeof ciphers)[]) {
    const setting = `${cipher}, ${members} members`;
    if (!wants(what, setting)) continue;
    progress(`${what}, ${setting}`);
    const lord = new Lord(await createCipher({ cipher, secret: "secret1", iv: "" }));
    lord.listen(3_000);
    const samples = Array.from({ length: runs }, () => lord.listen(3_000));
    const limit = cipher === "bf-cbc" ? { limit: medianAtMost(60, "µs") } : {};
    rows.push({
      what,
      setting,
      figures: [{ contender: "failover", unit: "µs", samples }],
      ...limit,
    });
  }
  return rows;
}

const own = "10.1.0.0:2000";
const nodes = Array.from({ length: members }, (_, i) => `10.0.${i >> 8}.${i & 255}:2000`);

/** A lord whose members repeat themselves, as when nothing happens. */
class Lord {
  readonly #cipher: Cipher;
  readonly #legion: Legion;
  readonly #uuids = Array.from({ length: members }, () => crypto.randomUUID());
  #nowMs = 0;
  #seq = 0;
  #said?: Announcement;

  constructor(cipher: Cipher) {
    this.#cipher = cipher;
    this.#legion = new Legion(
      legionOptions({
        legion: "bench",
        quorum: 3,
        voters: [...nodes, own].sort(),
        node: own,
        freqMs,
      }),
    );
    this.#carryOut(this.#legion.start(this.#now()));
    for (let period = 0; this.#legion.view().lordship !== "lord"; period++) {
      if (period > 10) throw new Error("the node of the bench does not become lord");
      this.listen(1);
    }
  }

  /** Lets so many periods pass; returns the microseconds for each announcement of a member. */
  listen(periods: number): number {
    let passedMs = 0;
    for (let period = 0; period < periods; period++) {
      const datagrams = this.#uuids.map((uuid, index) => this.#datagramOf(uuid, nodes[index]));
      const begun = performance.now();
      for (const datagram of datagrams) {
        this.#nowMs += freqMs / members;
        this.#carryOut(this.#legion.tick(this.#now()));
        const said = decodeAnnouncement(this.#cipher.open(datagram));
        this.#carryOut(this.#legion.heard(said, `${said.name}:2000`, this.#now()));
        // The dearest case: the node announces itself once for each announcement of a member.
        if (this.#said) this.#cipher.seal(encodeAnnouncement(this.#said));
      }
      passedMs += performance.now() - begun;
    }
    return passedMs * 1000 / (periods * members);
  }

  #datagramOf(uuid: string, node: string): Uint8Array {
    const { checksum, candidate, uuid: lord } = this.#legion.view();
    const said = this.#said;
    const support = said === undefined || candidate?.uuid !== lord
      ? undefined
      : { uuid: lord, seq: said.seq };
    return this.#cipher.seal(encodeAnnouncement({
      legion: "bench",
      valor: 5,
      unix: Math.floor(this.#now().wallMs / 1000),
      lord: 0,
      name: `server-${uuid.slice(0, 4)}`,
      pid: 1234,
      uuid,
      checksum,
      lordValor: candidate?.valor ?? 0,
      lordUuid: candidate?.uuid ?? noUuid,
      scroll: "",
      dead: false,
      seq: ++this.#seq,
      support,
      claim: false,
      binds: 3_000,
      node,
      config: said?.config ?? "",
    }));
  }

  #carryOut(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === "announce") this.#said = effect.announcement;
      if (effect.type !== "runHooks") continue;
      const { event } = effect.call;
      this.#carryOut(this.#legion.hooksEnded({ event, ok: true }, this.#now()));
    }
  }

  #now() {
    return { monotonicMs: this.#nowMs, wallMs: 1_700_000_000_000 + this.#nowMs };
  }
}
