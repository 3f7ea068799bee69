import { parseAddress } from "./address.ts";
import type { Check, CheckProbe } from "../base/check.ts";
import { httpUrl } from "../base/http_url.ts";
import { Invalid } from "../base/invalid.ts";
import { parseSeconds } from "../base/number.ts";
import { about, Pairs } from "../base/pairs.ts";
import { atLeastOne } from "./_values.ts";

const probes = ["cmd", "http", "tcp"];
const keys = [...probes, "status", "interval", "timeout", "rise", "fall", "name"];

/**
 * Reads what is behind `legion-check = NAME`: `cmd=COMMAND`, `http=URL` or `tcp=HOST:PORT`, and how
 * it is to be done.
 *
 * @param written The same before references were replaced
 * @throws Invalid when a key is missing, is not known, or has no such value
 */
export function parseCheck(text: string, written: string): Omit<Check, "file" | "line"> {
  const pairs = new Pairs(text, keys);
  const kinds = probes.filter((key) => pairs.get(key) !== undefined);
  if (kinds.length !== 1) throw new Invalid("right would be one of cmd=, http= and tcp=");
  const [kind] = kinds;
  if (pairs.get("status") !== undefined && kind !== "http") {
    throw new Invalid("status: only http has one");
  }
  return {
    // Neither a command nor a URL is a name: they may hold a password.
    name: pairs.read("name", checkName, kind),
    probe: about(kind, () => probe(kind, pairs, written)),
    intervalMs: pairs.read("interval", parseSeconds, 2_000),
    timeoutMs: pairs.read("timeout", parseSeconds, 1_000),
    rise: pairs.read("rise", atLeastOne, 2),
    fall: pairs.read("fall", atLeastOne, 3),
  };
}

/** Whether a check is a command, which is for the shell, with a `$(…)` of its own. */
export function asksShell(text: string): boolean {
  return /(^|,)cmd=/.test(text);
}

function probe(kind: string, pairs: Pairs, written: string): CheckProbe {
  const value = pairs.required(kind);
  switch (kind) {
    case "cmd":
      return { kind: "cmd", command: value, written: new Pairs(written, keys).required("cmd") };
    case "http":
      return { kind: "http", url: checkUrl(value), status: pairs.read("status", httpStatus, 0) };
    default:
      return { kind: "tcp", address: tcpAddress(value) };
  }
}

function checkUrl(text: string): string {
  const url = httpUrl(text);
  if (url.username !== "" || url.password !== "") {
    throw new Invalid("a check sends no user and password; use cmd= with curl");
  }
  return text;
}

function httpStatus(text: string): number {
  const status = atLeastOne(text);
  if (status < 100 || status > 599) throw new Invalid("right would be 100 to 599");
  return status;
}

function tcpAddress(text: string) {
  const address = parseAddress(text);
  // Listening on all addresses is one thing, and asking another.
  return text.startsWith(":") ? { ...address, host: "127.0.0.1" } : address;
}

function checkName(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new Invalid("right would be up to 64 letters, digits, and . _ -");
}
