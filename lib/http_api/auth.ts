import { basic } from "../base/http/basic_auth.ts";
import type { Asking } from "../move/provider.ts";
import { tokenOf } from "./_token.ts";
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
export async function loginOf(
  settings: ApiSettings,
  asking: Asking & { readonly timeoutMs: number },
  isFresh: boolean,
): Promise<Login> {
  const { auth } = settings;
  if (auth === undefined) return { headers: {}, secrets: [], isKept: false };
  const { kind, secret } = auth;
  switch (kind) {
    case "basic": {
      const pair = basic(auth.user, secret);
      return login(`Basic ${pair}`, [pair, secret]);
    }
    case "bearer":
      return login(`Bearer ${secret}`, [secret]);
    default: {
      const token = await tokenOf(settings, auth, { ...asking, isFresh });
      const { text, refresh = secret, isKept } = token;
      return login(`Bearer ${text}`, [text, refresh, secret], isKept);
    }
  }
}

function login(authorization: string, secrets: readonly string[], isKept = false): Login {
  return { headers: { authorization }, secrets, isKept };
}
