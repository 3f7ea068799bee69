import type { Ballot } from "./ballot.ts";
import type { Beginning } from "./beginning.ts";
import type { Instant, Outbox } from "./effects.ts";
import type { Voter } from "./election.ts";
import type { Lordship } from "./lordship.ts";
import type { LegionOptions } from "./options.ts";
import type { Outlook } from "./outlook.ts";
import { arePlanned, type Reason, reasonsText } from "./reason.ts";
import type { Roll } from "./roll.ts";
import type { Speaker } from "./speaker.ts";
import type { Standing } from "./standing.ts";

/** The parts of a node that decide as whom it goes on, and those that go by it. */
export interface IdentityContext {
  /** The reasons for which this node stands back. */
  readonly standing: Standing;
  /** The legion as this node sees it. */
  readonly outlook: Outlook;
  /** This node's lordship. */
  readonly lordship: Lordship;
  /** The roll of the legion, which refuses this node's former uuids. */
  readonly roll: Roll;
  /** This node's vote and support. */
  readonly ballot: Ballot;
  /** The voice of this node. */
  readonly speaker: Speaker;
  /** Takes the lines for the log. */
  readonly out: Outbox;
}

type IdentityOptions = Pick<LegionOptions, "valor" | "newUuid">;

/**
 * The valor and the uuid by which this node is known. A node that has to stand back gives the title
 * back, and goes on as an arbiter under another uuid until it stands again (LEASE.md, rule 11).
 */
export class Identity {
  readonly #options: IdentityOptions;
  readonly #context: IdentityContext;
  #self: Voter;
  #reasons: readonly Reason[] = [];

  /** Begins with the identity that the parts have. */
  constructor(self: Voter, options: IdentityOptions, context: IdentityContext) {
    this.#self = self;
    this.#options = options;
    this.#context = context;
  }

  /** This node as others know it. */
  get self(): Voter {
    return this.#self;
  }

  /** The reasons for which this node stands back; empty: it stands. */
  get reasons(): readonly Reason[] {
    return this.#reasons;
  }

  /** Goes on as the last process of this node, or begins anew (LEASE.md, rule 12). */
  begin(beginning: Beginning, now: Instant): void {
    const { speaker, roll } = this.#context;
    this.#introduce(beginning.self);
    speaker.remember(beginning);
    const { was } = beginning;
    if (was !== undefined) roll.gaveUp({ uuid: was, seq: 0 }, now);
  }

  /** Comes in for the first time: nobody has heard of this node yet, so its valor may be any. */
  comeIn(now: Instant): void {
    this.#reasons = this.#reasonsNow(now);
    if (this.#reasons.length === 0) return;
    this.#introduce({ ...this.#self, valor: 0 });
    this.#tellReasons(now);
  }

  /** Goes on as one who stands, or as one who stands back, if that has changed. */
  heed(now: Instant): void {
    const { lordship, standing, out } = this.#context;
    const before = newsOf(this.#reasons);
    this.#reasons = this.#reasonsNow(now);
    const isOther = newsOf(this.#reasons) !== before;
    const valor = this.#reasons.length === 0 ? this.#options.valor : 0;
    if (valor === this.#self.valor) {
      if (isOther && this.#reasons.length > 0) this.#tellReasons(now);
      return;
    }
    if (lordship.state === "lord") standing.gaveUp(now.monotonicMs);
    if (valor === 0) {
      const why = reasonsText(this.#reasons, now.monotonicMs);
      lordship.release({ why, isPlanned: arePlanned(this.#reasons) });
    }
    if (lordship.state !== "none") return;
    this.#renew(valor, now);
    if (valor === 0) this.#tellReasons(now);
    else out.log("info", `stands with its own valor ${valor}, uuid ${this.#self.uuid}`);
  }

  #introduce(self: Voter): void {
    this.#self = self;
    this.#context.ballot.renew(self);
    this.#context.speaker.introduce(self);
  }

  /**
   * Goes on with another valor, and under another uuid: a valor is part of what a node is known by.
   * The new one comes in before the old one leaves: between the two a lord might miss the one
   * supporter that it needs.
   */
  #renew(valor: number, now: Instant): void {
    const { roll, speaker, ballot } = this.#context;
    roll.gaveUp({ uuid: this.#self.uuid, seq: speaker.seq }, now);
    this.#self = { ...this.#self, valor, uuid: this.#options.newUuid() };
    ballot.renew(this.#self);
    speaker.renew(this.#self);
  }

  #tellReasons({ monotonicMs }: Instant): void {
    // A failing check has been warned of already, and the others are planned: flapping and a hook
    // that failed, which end by themselves, are warnings.
    const isNews = this.#reasons.some(({ kind }) => kind === "flapping" || kind === "hook failed");
    const why = reasonsText(this.#reasons, monotonicMs);
    const line = `stands back as an arbiter, uuid ${this.#self.uuid}: ${why}`;
    this.#context.out.log(isNews ? "warn" : "info", line);
  }

  #reasonsNow({ monotonicMs: nowMs }: Instant): Reason[] {
    const { standing, outlook, lordship } = this.#context;
    return standing.reasons({
      own: { valor: this.#options.valor, uuid: this.#self.uuid },
      lord: outlook.lord,
      isQuorate: outlook.isQuorate,
      isComplete: outlook.isComplete,
      lordship: lordship.state,
      nowMs,
    });
  }
}

/**
 * Reasons as text, to see whether they are news: how long they last, and the words of a check, are
 * none.
 */
function newsOf(reasons: readonly Reason[]): string {
  return reasons.map(({ kind, why }) => kind === "holding back" ? why : kind).join();
}
