/** The things that a node knows of its next process. */
export interface NextProcess {
  /** Whether a supervisor runs this process, which starts the next one when it ends. */
  readonly isSupervised: boolean;
  /**
   * Tries whether the program that is installed now would come up, without disturbing this one; the
   * result is the reason why not, or undefined. It must come within 20 s: the one who asked for a
   * restart waits for it.
   */
  readonly trial: () => Promise<string | undefined>;
}

/** A legion of a node that is to be started again. */
export interface RestartedLegion {
  /** The legion's name. */
  readonly name: string;
  /** The reason why the next process would remember nothing of this one; undefined: it would. */
  readonly forgets?: string;
}

/**
 * The reason why an end of this process would not be a restart: nobody starts the next one, or that
 * one would not go on as this one. Undefined where it would.
 */
export async function whyNoRestart(
  { isSupervised, trial }: NextProcess,
  legions: readonly RestartedLegion[],
): Promise<string | undefined> {
  if (!isSupervised) {
    return "nothing is known here that would start the node again: neither NOTIFY_SOCKET nor " +
      "INVOCATION_ID was in its environment, as under systemd. Stop it and start it, or use " +
      "--force where something starts it again all the same";
  }
  const forgetful = legions.find(({ forgets }) => forgets !== undefined);
  if (forgetful !== undefined) {
    const { name, forgets } = forgetful;
    return `${name}: the next process would know nothing of this one, so that a lord would lose ` +
      `its title (${forgets}). Mend that, or use --force`;
  }
  return await trial();
}

/**
 * Whether a supervisor runs this process and starts it again when it ends, as systemd does. Terminals
 * of a desktop are started by systemd too, and hand its variables on: where standard input is a
 * terminal, a person has started the process.
 *
 * @param env reads an environment variable
 */
export function isSupervised(
  env: (name: string) => string | undefined,
  stdinIsTerminal: boolean,
): boolean {
  const variables = ["NOTIFY_SOCKET", "INVOCATION_ID"];
  return !stdinIsTerminal && variables.some((name) => Boolean(env(name)));
}
