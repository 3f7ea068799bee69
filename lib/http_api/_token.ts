import { abortable } from "@std/async/abortable";
import { cleanser } from "../base/cleanser.ts";
import { parseJson } from "../base/parse_json.ts";
import { plainText } from "../base/plain_text.ts";
import { send } from "../move/http.ts";
import { MoveError } from "../move/move_error.ts";
import type { Asking } from "../move/provider.ts";
import { ApiError } from "./errors.ts";
import type { ApiSettings, Auth } from "./settings.ts";

/** A login whose token is fetched. */
export type FetchedAuth = Extract<Auth, { readonly url: string }>;

/** A token that an API's login gives. */
interface Token {
  /** The token. */
  readonly text: string;
  /** The time until which it is used, in milliseconds of `performance.now`. */
  readonly untilMs: number;
}

/** A token, and whether it was fetched for an earlier request. */
export interface KeptToken {
  /** The token. */
  readonly text: string;
  /** The refresh token that the next one is fetched with; undefined: none. */
  readonly refresh?: string;
  /** Whether it was there already. */
  readonly isKept: boolean;
}

// A reload with another secret begins a new entry; the oldest goes.
const mostTokens = 64;
// A token without a time is fetched anew after this; RFC 6749 leaves it to other documents.
const usualMs = 300_000;
// The time kept for the request that carries the token, and for clocks that differ.
const spareMs = 30_000;

const tokens = new Map<string, Token>();
const refreshed = new Map<string, string>();
const fetching = new Map<string, Promise<Token>>();

/** Forgets all tokens, so that a test begins anew. */
export function forgetTokens(): void {
  tokens.clear();
  refreshed.clear();
}

/**
 * The token of a login: the one that is kept, or a new one. Requests that need one at the same moment
 * fetch it once. A refresh token that comes with it takes the place of the one in the file, for as
 * long as the process runs.
 *
 * @param isFresh whether the token that is kept was refused
 * @throws MoveError when none comes; nothing was asked of the API then
 * @throws the signal's reason when it is aborted
 */
export async function tokenOf(
  settings: ApiSettings,
  auth: FetchedAuth,
  { signal, timeoutMs, isFresh }: Asking & {
    readonly timeoutMs: number;
    readonly isFresh: boolean;
  },
): Promise<KeptToken> {
  const key = JSON.stringify(auth);
  const known = tokens.get(key);
  if (known !== undefined && !isFresh && performance.now() < known.untilMs) {
    return { text: known.text, refresh: refreshed.get(key), isKept: true };
  }
  signal?.throwIfAborted();
  const running = fetching.get(key) ?? begin(settings, auth, timeoutMs);
  const { text } = await (signal === undefined ? running : abortable(running, signal));
  return { text, refresh: refreshed.get(key), isKept: false };
}

/** Fetches a token for all who wait for it: none of them can abort it, and its time is bounded. */
function begin(settings: ApiSettings, auth: FetchedAuth, timeoutMs: number): Promise<Token> {
  const key = JSON.stringify(auth);
  const run = fetchToken(settings, auth, timeoutMs).then((token) => {
    tokens.delete(key);
    tokens.set(key, token);
    for (const old of [...tokens.keys()].slice(0, -mostTokens)) {
      tokens.delete(old);
      refreshed.delete(old);
    }
    return token;
  }).finally(() => fetching.delete(key));
  fetching.set(key, run);
  // All who waited for it may have been aborted.
  run.catch(() => {});
  return run;
}

async function fetchToken(
  { ca, proxy }: ApiSettings,
  auth: FetchedAuth,
  timeoutMs: number,
): Promise<Token> {
  const { url, client, secret, scope } = auth;
  const key = JSON.stringify(auth);
  const current = refreshed.get(key) ?? secret;
  const grant: Record<string, string> = auth.kind === "refresh-token"
    ? { grant_type: "refresh_token", refresh_token: current }
    : { grant_type: "client_credentials", client_secret: secret };
  const form = { ...grant, client_id: client, ...scope !== undefined && { scope } };
  const reply = await before(() =>
    send({
      method: "POST",
      url,
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
      },
      body: `${new URLSearchParams(form)}`,
      timeoutMs,
      ca,
      proxy,
    })
  );
  const { status, body, cut } = reply;
  const clean = cleanser([secret, current]);
  const said = parseJson(body) as Record<string, unknown> | null | undefined;
  const { access_token: text, expires_in: seconds, refresh_token: next } = said ?? {};
  if (status >= 200 && status < 300 && cut === undefined && isToken(text)) {
    if (auth.kind === "refresh-token" && isToken(next)) refreshed.set(key, next);
    const lastsMs = typeof seconds === "number" && seconds > 0 ? seconds * 1000 : usualMs;
    return { text, untilMs: performance.now() + Math.max(lastsMs - spareMs, lastsMs / 2) };
  }
  // Only what RFC 6749, 5.2 tells is quoted: a reply that was read wrong may hold a token.
  const words = [said?.error, said?.error_description].filter((one) => typeof one === "string");
  const excerpt = words.length === 0 ? "" : `: ${plainText(clean(words.join(": ")), 200)}`;
  const isRefused = status === 400 || status === 401;
  // The next try, by order, is with the file's.
  if (isRefused) refreshed.delete(key);
  throw new ApiError({
    kind: "refused",
    code: isRefused ? "UNAUTHORIZED" : "NO_TOKEN",
    meaning: isRefused ? "refused" : "busy",
    message: `${new URL(url).host} gives no token (status ${status})${excerpt}`,
  });
}

/** A failure here comes before the request: whatever it is, nothing was asked of the API. */
async function before<T>(fetch: () => Promise<T>): Promise<T> {
  try {
    return await fetch();
  } catch (error) {
    if (!(error instanceof MoveError) || error.kind === "untrusted") throw error;
    const { kind, code, message } = error;
    const meaning = kind === "unsent" ? "unsent" : kind === "refused" ? "refused" : "busy";
    throw new ApiError({ kind, code, meaning, message: `no token: ${message}` });
  }
}

function isToken(value: unknown): value is string {
  return typeof value === "string" && /^[!-~]{1,16384}$/.test(value);
}
