import { MoveError } from "./move_error.ts";
import type { MoveResult } from "./move_address.ts";
import type { MovePace, MoveTurnEnd } from "./move_pace.ts";
import type { KeptAddress } from "./provider.ts";

/**
 * Runs a takeover at the pace of its account.
 *
 * @param wasHere whether the address was here before, and is to be taken back
 * @param move runs the takeover with the address that it is given
 * @throws the error of `move`
 */
export async function inPace(
  address: KeptAddress,
  { pace, wasHere }: { readonly pace: MovePace; readonly wasHere: boolean },
  move: (address: KeptAddress) => Promise<MoveResult>,
): Promise<MoveResult> {
  const turn = pace.begin(address.pace.maxMoves);
  let sent = 0;
  let end: MoveTurnEnd = "broken off";
  const counted: KeptAddress = {
    ...address,
    pace: {
      ...address.pace,
      get maxMoves() {
        return turn.maxMoves;
      },
    },
    async move(to, asking) {
      sent++;
      try {
        return await address.move(to, asking);
      } catch (error) {
        if (error instanceof MoveError && hasNotArrived(error)) sent--;
        throw error;
      }
    },
  };
  try {
    const result = await move(counted);
    end = "code" in result ? "failed" : wasHere ? "taken back" : "moved";
    return result;
  } finally {
    turn.ended(end, sent);
  }
}

function hasNotArrived({ kind }: MoveError): boolean {
  return kind === "unsent" || kind === "untrusted";
}
