/** The answer to one question of `failover doctor`. */
export interface Answer {
  /**
   * - `ok`: it is as it should be
   * - `note`: worth knowing, or it cannot be known from here
   * - `wrong`: it is to be mended
   */
  readonly sign: "ok" | "note" | "wrong";
  /** The thing that was asked about, in a few words: `port 2000`. */
  readonly what: string;
  /** The answer, in words without a full stop. */
  readonly why: string;
  /** The command that mends it, or says more; empty: nothing is to be done. */
  readonly remedy: string;
  /** The subject of `failover help` that says more; empty: none. */
  readonly topic: string;
}

/** The remedy of an answer, and the subject that says more. */
export type Remedy = Partial<Pick<Answer, "remedy" | "topic">>;

/** An answer where all is as it should be. */
export function ok(what: string, why: string): Answer {
  return { sign: "ok", what, why, remedy: "", topic: "" };
}

/** An answer that is worth knowing. */
export function note(what: string, why: string, { remedy = "", topic = "" }: Remedy = {}): Answer {
  return { sign: "note", what, why, remedy, topic };
}

/** The answer where something cannot be known from here. */
export function unknown(what: string, why: string, remedy: Remedy = {}): Answer {
  return note(what, `not known: ${why}`, remedy);
}

/** An answer that asks for something to be mended. */
export function wrong(what: string, why: string, { remedy = "", topic = "" }: Remedy = {}): Answer {
  return { sign: "wrong", what, why, remedy, topic };
}
