import type { Config } from "../../config/config.ts";
import { type ConfiguredAddress, lordAddressesIn } from "../../node/configuration.ts";
import { quotaSums, quotaWarnings } from "../../node/quota_sums.ts";
import { AccountGuard } from "../../move/account_guard.ts";
import { MoveError } from "../../move/move_error.ts";
import type { AddressStats } from "../../status/address_stats.ts";
import { type Answer, note, ok, wrong } from "./answer.ts";

/** Looks where an address points: one counted request. */
export type Look = (
  address: ConfiguredAddress["address"],
  guard: AccountGuard,
  signal: AbortSignal,
) => Promise<AddressStats>;

/** The limits of the questions to providers. */
export interface ProviderOptions {
  /** The limit for each connection, in milliseconds. */
  readonly timeoutMs: number;
  /** Ends all of them. */
  readonly signal: AbortSignal;
  /** Looks where an address points; undefined: no look is wanted. */
  readonly look?: Look;
}

/**
 * Do the quotas suffice, can the providers be reached over a verified connection, and where do the
 * addresses point?
 */
export async function providerAnswers(config: Config, options: ProviderOptions): Promise<Answer[]> {
  const all = lordAddressesIn(config);
  // Several addresses of one account are behind one connection.
  const first = new Map(all.toReversed().map((one) => [one.address.account, one])).values();
  const guard = new AccountGuard();
  const { look, signal } = options;
  const asked = [
    ...quotaAnswers(config).map((answer) => Promise.resolve(answer)),
    ...[...first].toReversed().map((one) => reached(one, options)),
    ...look === undefined
      ? []
      : all.map(({ address }) => look(address, guard, signal).then(lookAnswer)),
  ];
  return await Promise.all(asked);
}

/** How much of each account's quota do the nodes of this configuration need? */
export function quotaAnswers(config: Pick<Config, "legions">): Answer[] {
  const warnings = quotaWarnings(config);
  const sums = quotaSums(config).map((sum) => {
    const { title, quota: { looksPerHour, movesPerHour }, looks, reserved, moves, nodes } = sum;
    const each = nodes === 1 ? "a takeover" : `a takeover by each of ${nodes} nodes`;
    const why =
      `${counted(looks, "look")} an hour as lord, and up to ${reserved} for a takeover, ` +
      `of ${looksPerHour}; ${counted(moves, "switch", "switches")} for ${each}, of ${movesPerHour}`;
    return ok(`${title}, quota`, why);
  });
  return [
    ...sums,
    ...warnings.map((warning) => note("quota", warning, { topic: "configuration" })),
  ];
}

function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

async function reached(
  { address, place }: ConfiguredAddress,
  { timeoutMs, signal }: ProviderOptions,
): Promise<Answer> {
  const what = address.title;
  try {
    const { host, address: at, proxy, certificate } = await address.reach({ timeoutMs, signal });
    const by = proxy === undefined ? at : `through the proxy ${proxy}`;
    const where = by === "" || host.startsWith(`${by}:`) ? host : `${host} (${by})`;
    switch (certificate) {
      case "verified":
        return ok(what, `${where} answers, and its certificate verifies`);
      case "none":
        return note(what, `${where} answers, over plain http`, { topic: "security" });
      case "unverified":
        return note(what, `${where} answers; its certificate is not verified`, {
          topic: "security",
        });
    }
  } catch (error) {
    if (!(error instanceof MoveError)) throw error;
    const { code, message } = error;
    const remedy = remedyOf(error, place.file, place.line);
    return wrong(what, `${code}: ${message}`, { remedy, topic: "takeover-fails" });
  }
}

function remedyOf({ kind, code }: MoveError, file: string, line: number): string {
  if (/^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/.test(code)) return "timedatectl";
  if (kind === "untrusted") return `the "ca" of ${file}:${line}`;
  if (code.startsWith("PROXY_")) return "systemctl show -p Environment failover";
  return /^(ENOTFOUND|EAI_\w+)$/.test(code) ? "cat /etc/resolv.conf" : "ip route";
}

function lookAnswer({ ip, points_to: to, wanted, seen, problem }: AddressStats): Answer {
  const what = `address ${ip}`;
  if (seen === 0 && problem === "") {
    return note(what, `no look tells where it points; as lord this node asks for ${wanted}`);
  }
  if (problem !== "") return wrong(what, problem, { topic: "takeover-fails" });
  return ok(
    what,
    `it points ${to === null ? "nowhere" : `to ${to}`}; as lord this node asks for ${wanted}`,
  );
}
