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

/**
 * Gives a user those of the files that root alone may read, as `scp -p` leaves them; modes stay as
 * they are.
 *
 * @returns the files that were given
 * @throws Error when one of them cannot be given away
 */
export function giveTo(owner: Owner, paths: readonly string[]): string[] {
  return paths.filter((path) => {
    const { uid, gid, mode } = Deno.statSync(path);
    const bits = mode ?? 0;
    const isReadable = (bits & 0o004) !== 0 || ((bits & 0o040) !== 0 && gid === owner.gid);
    if (uid !== 0 || isReadable) return false;
    Deno.chownSync(path, owner.uid, null);
    return true;
  });
}

async function idOf(which: "-u" | "-g"): Promise<number | undefined> {
  const { success, stdout } = await new Deno.Command("id", {
    args: [which, name],
    stderr: "null",
  }).output();
  return success ? Number(new TextDecoder().decode(stdout)) : undefined;
}
