import { type Clean, cleanser } from "../base/cleanser.ts";
import { retryAfterMs } from "../base/retry_after.ts";
import type { Meaning } from "../move/meaning.ts";
import { type HttpReply, type HttpRequest, send } from "../move/http.ts";
import type { Asking } from "../move/provider.ts";
import { quotedBody, quotedRedirect } from "../move/quoted_reply.ts";
import { type Login, loginOf } from "./auth.ts";
import { isStatus, type Judged, saysOne, statusesText } from "./condition.ts";
import { replyJson } from "./_reply_json.ts";
import { ApiError } from "./errors.ts";
import type { ApiSettings } from "./settings.ts";
import { render, type Values } from "./template.ts";

/** A reply that was read. */
export interface ApiReply extends Judged {
  /** Masks all secrets that the request held. */
  readonly clean: Clean;
}

/** The parts that differ from request to request. */
interface Request {
  readonly method: HttpRequest["method"];
  readonly url: string;
  readonly body?: { readonly text: string; readonly type: string };
}

// A list of all addresses of an account takes some hundred bytes each.
const mostBytes = 1024 * 1024;
// Values that are shorter are hardly secrets, and stand in any text.
const shortestSecret = 4;
// A longer wait than this is told to the node, which waits instead of the takeover.
const longestBusyMs = 60_000;

/**
 * Asks for the switch, exactly once, and judges the reply.
 *
 * @param to the name of the server
 * @throws MoveError when no answer comes, or it says anything else than that the switch is taken
 * @throws the signal's reason when it is aborted
 */
export async function askForSwitch(
  settings: ApiSettings,
  to: string,
  asking: Asking,
): Promise<ApiReply> {
  const { method, url, body, statuses } = settings;
  const values = valuesOf(settings, to);
  const reply = await ask(settings, {
    method,
    url: render(url, values),
    ...body !== undefined && { body: { ...body, text: render(body.text, values) } },
  }, { values, asking });
  const { status } = reply;
  const conditions = ["already", "busy", "cooldown"] as const;
  const said = conditions.find((one) => saysOne(reply, settings[one]));
  if (said !== undefined) throw failure(reply, told[said]);
  if (isStatus(status, statuses)) return reply;
  const hint = status < 300 ? `, which is none of ${statusesText(statuses)}` : "";
  throw failure(reply, { code: `HTTP_${status}`, meaning: meaningOfStatus(status) }, hint);
}

const told = {
  already: { code: "ALREADY", meaning: "there" },
  busy: { code: "BUSY", meaning: "busy" },
  cooldown: { code: "COOLDOWN", meaning: "limited" },
} as const;

/**
 * Asks for something that changes nothing.
 *
 * @throws MoveError when no answer comes, or none that is a success
 * @throws the signal's reason when it is aborted
 */
export async function askFor(
  settings: ApiSettings,
  url: string,
  asking: Asking,
): Promise<ApiReply> {
  const values = valuesOf(settings, settings.here);
  const reply = await ask(settings, { method: "GET", url }, { values, asking });
  const { status } = reply;
  if (status >= 200 && status < 300) {
    if (reply.json !== undefined) return reply;
    throw failure(reply, { code: "NO_JSON", meaning: "unknown" }, " without JSON");
  }
  // A question that is refused tells nothing of the switch.
  const meaning = status === 503 ? "maintenance" : status === 429 ? "busy" : "unknown";
  throw failure(reply, { code: `HTTP_${status}`, meaning });
}

/** The values of the names in braces. */
export function valuesOf(settings: ApiSettings, to: string): Values {
  const { ip, node, legion } = settings;
  return { ip, here: to, node, legion };
}

interface Answer extends ApiReply {
  readonly reply: HttpReply;
}

/** Sends one request; where a token that was kept is refused, it is sent again with a fresh one. */
async function ask(
  settings: ApiSettings,
  request: Request,
  { values, asking }: { readonly values: Values; readonly asking: Asking },
): Promise<Answer> {
  const { timeoutMs = settings.timeoutMs, signal, recheck } = asking;
  const endMs = performance.now() + timeoutMs;
  for (let isSecond = false;; isSecond = true) {
    const leftMs = Math.max(1, endMs - performance.now());
    const login = await loginOf(settings, { signal, timeoutMs: leftMs }, isSecond);
    const answer = await sendWith(settings, request, {
      values,
      login,
      signal,
      recheck,
      timeoutMs: Math.max(1, endMs - performance.now()),
    });
    // Some APIs tell of a token that has ended by 403.
    const maySayEnded = answer.status === 401 || answer.status === 403;
    if (!maySayEnded || isSecond || !login.isKept) return accepted(answer);
  }
}

async function sendWith(
  { headers, ca, proxy, secrets }: ApiSettings,
  { method, url, body }: Request,
  { values, login, signal, recheck, timeoutMs }: {
    readonly values: Values;
    readonly login: Login;
    readonly signal?: AbortSignal;
    readonly recheck?: () => void;
    readonly timeoutMs: number;
  },
): Promise<Answer> {
  const own = headers.map(({ name, value }) => [name, render(value, values)]);
  const reply = await send({
    method,
    url,
    headers: {
      accept: "application/json",
      ...body !== undefined && { "content-type": body.type },
      ...Object.fromEntries(own),
      ...login.headers,
    },
    body: body?.text,
    timeoutMs,
    ca,
    proxy,
    mostBytes,
    signal,
    recheck,
  });
  const all = [...secrets, ...login.secrets].filter(({ length }) => length >= shortestSecret);
  return {
    status: reply.status,
    json: replyJson(reply.body),
    clean: cleanser(all),
    reply,
  };
}

/** @throws MoveError where the reply is cut off, or its status means the same to every API */
function accepted(answer: Answer): Answer {
  const { status, reply: { cut, location }, clean } = answer;
  if (status === 401) {
    throw failure(answer, { code: "UNAUTHORIZED", meaning: "refused" }, ": the login is refused");
  }
  if (status === 407) {
    const what = ": a proxy wants another login";
    throw failure(answer, { code: "PROXY_UNAUTHORIZED", meaning: "refused" }, what);
  }
  if (cut !== undefined) throw cut;
  if (status >= 300 && status < 400) {
    const what = `: ${quotedRedirect(location, clean)}, not followed`;
    throw failure(answer, { code: "REDIRECT", meaning: "refused" }, what);
  }
  return answer;
}

function meaningOfStatus(status: number): Meaning {
  if (status === 503) return "maintenance";
  if (status === 429) return "busy";
  return status < 400 || status >= 500 || status === 408 ? "unknown" : "refused";
}

/** The error for a reply; its message quotes the beginning, without any secret. */
function failure(
  { status, reply, clean }: Answer,
  { code, meaning }: { readonly code: string; readonly meaning: Meaning },
  hint = "",
): ApiError {
  const waitMs = retryAfterMs(reply.retryAfter, Date.now());
  const isLong = meaning === "busy" && waitMs !== undefined && waitMs > longestBusyMs;
  return new ApiError({
    kind: meaning === "unknown" ? "unreadable" : "refused",
    code,
    meaning: isLong ? "limited" : meaning,
    message: `the reply has the status ${status}${hint}${quotedBody(reply.body, clean, "")}`,
    ...(isLong || meaning === "limited") && { retryAfterMs: waitMs },
  });
}
