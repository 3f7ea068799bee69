import { sameAddress } from "../base/ip_address.ts";
import { MoveError } from "../move/move_error.ts";
import type { ListedAddress } from "../move/listing.ts";
import { prepare } from "../move/prepare.ts";
import type { Asking, KeptAddress, Pace, Route } from "../move/provider.ts";
import { reach } from "../move/reach.ts";
import { askFor, askForSwitch, valuesOf } from "./client.ts";
import { ApiError, meaningOf } from "./errors.ts";
import { asText, findAt } from "./pointer.ts";
import { Poll } from "./poll.ts";
import type { ApiSettings } from "./settings.ts";
import { isServerName } from "./server_name.ts";
import { render } from "./template.ts";

/**
 * The pace of a takeover, which fits APIs that are not known: a switch is asked for as often as most
 * are willing to answer, and one that fails 12 times in a row then once a minute.
 */
const pace: Pace = {
  maxMoves: 12,
  maxLooks: 120,
  look: { firstMs: 1000, maxMs: 5000 },
  maintenance: { firstMs: 2000, maxMs: 30_000 },
  again: { firstMs: 2000, maxMs: 15_000 },
  connect: { firstMs: 500, maxMs: 5000 },
  failing: { most: 12, eachMs: 60_000 },
};

/** The mark at the name of a server where no look says that the address is there. */
const notVerified = "(not-verified)";
const notKnown = "a server that is not known";

/**
 * Makes the provider of an address that an HTTP API moves. Without `look` the address is where the
 * last reply said; its server's name is then marked, wherever it is told.
 *
 * @throws TypeError when the URL is invalid
 */
export function apiAddress(settings: ApiSettings): KeptAddress {
  const { ip, here: wanted, timeoutMs, deadlineMs, verifyMs, reclaim, look } = settings;
  const { auth, ca, proxy } = settings;
  const url = render(settings.url, valuesOf(settings, wanted));
  const poll = new Poll(settings);
  let at: string | null | undefined;
  let asked = wanted;

  async function place(asking: Asking): Promise<string | null> {
    if (look === undefined) {
      throw new ApiError({
        kind: "refused",
        code: "NOT_VERIFIED",
        meaning: "unknown",
        message: "there is no look-url that tells where the address is",
      });
    }
    const reply = await askFor(settings, render(look.url, valuesOf(settings, wanted)), asking);
    const found = findAt(reply.json, look.at);
    const text = found?.value === null ? "" : asText(found?.value);
    if (found === undefined || text === undefined) {
      const message = `the reply has no server at ${look.at}: is the URL right?`;
      throw new ApiError({ kind: "unreadable", code: "NO_FIELD", meaning: "unknown", message });
    }
    return at = text === "" ? null : serverOf(text);
  }

  async function lookNow(given: Asking = {}): Promise<Route> {
    const asking = inAll(given);
    const state = await poll.state(asking);
    if (state.status === "processing" && (look === undefined || at !== undefined)) {
      return { ip, pointsTo: at ?? notKnown, ...state };
    }
    if (look === undefined && state.status === "ready") {
      at = state.failure === undefined ? asked : undefined;
      return { ip, pointsTo: at ?? notKnown, ...state };
    }
    return { ip, pointsTo: await place(asking), ...state };
  }

  return {
    name: "http",
    title: `API of [http ${settings.name}]`,
    account: JSON.stringify([new URL(url).host, auth ?? settings.headers, settings.secrets]),
    user: auth?.kind === "basic" ? auth.user : "",
    ip,
    wanted,
    timeoutMs,
    deadlineMs,
    verifyMs,
    reclaim,
    preflight: look !== undefined,
    isBlind: look === undefined,
    listsItself: true,
    pace,
    requests: { look: "look", move: settings.method, drop: "release" },
    prepare: () => prepare({ url }),
    reach: (asking = {}) => {
      return reach({
        url,
        timeoutMs: asking.timeoutMs ?? timeoutMs,
        ca,
        proxy,
        signal: asking.signal,
      });
    },
    look: lookNow,

    async move(to, given = {}) {
      const asking = inAll(given);
      if (to === null) throw noRelease(settings);
      asked = bare(to);
      const reply = await askForSwitch(settings, asked, asking);
      if (poll.began(reply)) return { ip, pointsTo: at ?? notKnown, status: "processing" };
      return look === undefined ? { ip, pointsTo: at = asked } : await confirmed(asked, asking);
    },

    async list(asking = {}) {
      const common = { ip, title: ip, home: "", fields: {} };
      const one = async (): Promise<ListedAddress> => {
        if (look === undefined) return { ...common, where: "(not told)" };
        const { pointsTo, status } = await lookNow(asking);
        return { ...common, pointsTo, where: pointsTo ?? "nowhere", status };
      };
      return { addresses: [await one()], unreadable: [] };
    },

    same: (a, b) => bare(a) === bare(b) || sameAddress(bare(a), bare(b)),
    serverProblem: (server) =>
      isServerName(server) ? undefined : "right would be the API's name of a server",
    serverName: (server) => look === undefined ? bare(server) + notVerified : server,
    meaning: meaningOf,
  };

  /** The same settings for several requests, which have the time for one together. */
  function inAll(asking: Asking): Asking {
    const endMs = performance.now() + (asking.timeoutMs ?? timeoutMs);
    return {
      signal: asking.signal,
      recheck: asking.recheck,
      get timeoutMs() {
        return Math.max(1, endMs - performance.now());
      },
    };
  }

  /** Looks once after a switch that was taken; the address may take its time to be there. */
  async function confirmed(to: string, asking: Asking): Promise<Route> {
    try {
      const pointsTo = await place(asking);
      const isThere = pointsTo !== null && (pointsTo === to || sameAddress(pointsTo, to));
      return { ip, pointsTo, ...!isThere && { status: "processing" } };
    } catch (error) {
      // The switch was taken, whatever becomes of the look.
      if (!(error instanceof MoveError)) throw error;
      return { ip, pointsTo: at ?? notKnown, status: "processing" };
    }
  }
}

/** The name of a server in a reply, fit for a log: with blanks and the like as in a URL. */
function serverOf(text: string): string {
  const start = text.slice(0, 64);
  return /^[!-~]+$/.test(start) ? start : encodeURIComponent(start.toWellFormed()).slice(0, 64);
}

function bare(server: string): string {
  return server.endsWith(notVerified) ? server.slice(0, -notVerified.length) : server;
}

function noRelease({ name }: ApiSettings): ApiError {
  const message = `[http ${name}] has no request that takes the address away from all servers`;
  return new ApiError({ kind: "refused", code: "NO_RELEASE", meaning: "refused", message });
}
