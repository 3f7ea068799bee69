import type { Meaning } from "./meaning.ts";
import { MoveError } from "./move_error.ts";
import { type Asking, isAt, type KeptAddress, pointsWhere } from "./provider.ts";

/** The longest time for one request, in milliseconds: an obstacle that is slow to be told is none. */
const patienceMs = 10_000;

/** The meanings of errors that any other server would meet as well, with any login. */
const forAll: readonly Meaning[] = ["locked", "limited", "maintenance"];

/**
 * Finds out, before an address that points here is given away, what would keep another server from
 * taking it now: a switch that runs, a quota that is used up, maintenance. Where a look does not tell
 * whether a switch runs, and asking for the address where it is changes nothing
 * ({@link KeptAddress.mayAskInPlace}), it is asked for: that is refused with the same reason.
 *
 * A provider that cannot be asked from here is no obstacle: the other server may be able to.
 *
 * @returns the obstacle in a clause; undefined: none is known
 * @throws the signal's reason when it is aborted
 */
export async function obstacleTo(
  address: KeptAddress,
  asking: Pick<Asking, "signal"> = {},
): Promise<string | undefined> {
  const { ip, wanted } = address;
  const timeoutMs = Math.min(address.timeoutMs, patienceMs);
  const { signal } = asking;
  let isLook = true;
  try {
    const route = await address.look({ signal, timeoutMs });
    if (route.status === "processing") {
      return `a switch of ${ip} is running; ${pointsWhere({ ...route, ip })}`;
    }
    if (route.status === "ready" || address.mayAskInPlace !== true) return undefined;
    if (!isAt(address, route.pointsTo, wanted)) return undefined;
    isLook = false;
    await address.move(wanted, { signal, timeoutMs });
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof MoveError)) throw error;
    const meaning = address.meaning(error);
    // Looks have a quota of their own.
    if (!forAll.includes(meaning) || isLook && meaning === "limited") return undefined;
    return `${ip} cannot be moved now: ${error.code}: ${error.message}`;
  }
}
