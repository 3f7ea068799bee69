import type { Asking } from "../move/provider.ts";
import type { ApiSettings } from "./settings.ts";

/** The login of one request. */
export interface Login {
  /** The headers that carry it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Everything in it that must not be shown. */
  readonly secrets: readonly string[];
  /** Whether it is a token that was fetched for an earlier request, and may have ended since. */
  readonly isKept: boolean;
}

/**
 * The login of a request.
 *
 * @param asking the limits for fetching a token, where one is needed
 * @param isFresh whether a token must be a new one, since the one that is kept was refused
 * @throws MoveError when no token comes
 * @throws the signal's reason when it is aborted
 */
// deno-lint-ignore require-await
export async function loginOf(
  { auth }: ApiSettings,
  _asking: Asking,
  _isFresh: boolean,
): Promise<Login> {
  if (auth === undefined) return { headers: {}, secrets: [], isKept: false };
  const { kind, secret } = auth;
  switch (kind) {
    case "basic": {
      const pair = new TextEncoder().encode(`${auth.user}:${secret}`).toBase64();
      return login(`Basic ${pair}`, [pair, secret]);
    }
    case "bearer":
      return login(`Bearer ${secret}`, [secret]);
    default:
      throw new Error("no such login");
  }
}

function login(authorization: string, secrets: readonly string[], isKept = false): Login {
  return { headers: { authorization }, secrets, isKept };
}
