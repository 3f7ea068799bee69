/** A user and its group, by their numbers. */
export interface Owner {
  /** The user. */
  readonly uid: number;
  /** The user's group. */
  readonly gid: number;
}

/** The user of the unit that `failover systemd` prints. */
const name = "failover";

/**
 * The user that a node here runs as, which must be able to read its configuration. Undefined where
 * there is no such user, or only root may give files away.
 */
export async function nodeOwner(): Promise<Owner | undefined> {
  if (Deno.uid() !== 0) return undefined;
  const [uid, gid] = await Promise.all([idOf("-u"), idOf("-g")]);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

async function idOf(which: "-u" | "-g"): Promise<number | undefined> {
  const { success, stdout } = await new Deno.Command("id", {
    args: [which, name],
    stderr: "null",
  }).output();
  return success ? Number(new TextDecoder().decode(stdout)) : undefined;
}
