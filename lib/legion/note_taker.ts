import type { Ballot } from "./ballot.ts";
import { configMark } from "./config_mark.ts";
import type { Voter } from "./election.ts";
import type { Lordship } from "./lordship.ts";
import type { Notes } from "./notes.ts";
import type { LegionOptions } from "./options.ts";
import type { Outlook } from "./outlook.ts";
import type { Speaker } from "./speaker.ts";
import type { Standing } from "./standing.ts";

/** The parts of a node that are noted. */
export interface NoteTakerContext {
  /** This node's vote and support. */
  readonly ballot: Ballot;
  /** The legion as this node sees it. */
  readonly outlook: Outlook;
  /** This node's lordship. */
  readonly lordship: Lordship;
  /** The voice of this node, which counts its announcements. */
  readonly speaker: Speaker;
  /** The reasons for which this node stands back. */
  readonly standing: Standing;
}

// How many announcements a note allows for, so that it is not written anew with each.
const seqsAtOnce = 1000;

/** Takes notes for the next process of this node whenever they are to say something else. */
export class NoteTaker {
  readonly #context: NoteTakerContext;
  /** The `seq` noted last. */
  #seq = 0;
  /** The notes taken last, as text; empty: there are none. */
  #mark = "";
  /** The number of what was heard when notes were taken last. */
  #heard = -1;
  /** When notes were taken last, monotonic. */
  #takenMs = -Infinity;
  #end?: Notes["end"];

  /** Has taken no notes. */
  constructor(context: NoteTakerContext) {
    this.#context = context;
  }

  /** Notes from now on that the process ends, and how. */
  end(end: NonNullable<Notes["end"]>): void {
    this.#end = end;
  }

  /**
   * The notes to keep from now on; null: none; undefined: what is kept says the same. A node that
   * still listens for forgotten promises takes none: with them, the next process would support at
   * once (LEASE.md, rule 12).
   */
  take(self: Voter, options: LegionOptions, nowMs: number): Notes | null | undefined {
    const { ballot, outlook, lordship, speaker, standing } = this.#context;
    if (nowMs < ballot.listensUntilMs) {
      const hadSome = this.#mark !== "";
      this.#mark = "";
      return hadSome ? null : undefined;
    }
    if (speaker.seq >= this.#seq) this.#seq = speaker.seq + seqsAtOnce;
    const { node, name, valor: configuredValor, voters, quorum } = options;
    const stage = `${lordship.noted} ${this.#end}`;
    const own = `${self.valor} ${self.uuid} ${speaker.was} ${node} ${this.#seq} ${stage}`;
    const mark = `${own} ${ballot.notedMark} ${standing.notedMark} ${configMark(voters, quorum)}`;
    // The lists heard concern what is said alone, and all nodes of a large legion come at one time.
    const isLate = outlook.heardRevision !== this.#heard &&
      nowMs >= this.#takenMs + options.freqMs;
    if (mark === this.#mark && !isLate) return undefined;
    this.#mark = mark;
    this.#heard = outlook.heardRevision;
    this.#takenMs = nowMs;
    return {
      name,
      node,
      configuredValor,
      valor: self.valor,
      uuid: self.uuid,
      was: speaker.was,
      seq: this.#seq,
      lordship: lordship.noted,
      voters,
      quorum,
      support: ballot.noted(nowMs),
      ...outlook.noted,
      ...standing.noted,
      end: this.#end,
    };
  }
}
