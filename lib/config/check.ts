import { parseAddress } from "./address.ts";
import type { Check, CheckProbe } from "../base/check.ts";
import { httpUrl } from "../base/http_url.ts";
import { Invalid } from "../base/invalid.ts";
import { parseFlag, parseSeconds } from "../base/number.ts";
import { about, Pairs } from "../base/pairs.ts";
import { type KeyRow, namesOf } from "../base/option_row.ts";
import { atLeastOne } from "./_values.ts";

const probes = {
  cmd: {
    name: "cmd",
    form: "COMMAND",
    help: "ask by a command, which must succeed",
    read: (text: string) => text,
  },
  http: {
    name: "http",
    form: "URL",
    help: "ask by HTTP, which must answer 2xx",
    read: checkUrl,
  },
  tcp: {
    name: "tcp",
    form: "HOST:PORT",
    help: "ask by a connection, which must be accepted",
    read: tcpAddress,
  },
} satisfies Record<CheckProbe["kind"], KeyRow>;

const keys = {
  ...probes,
  status: {
    name: "status",
    form: "N",
    otherwise: "2xx",
    help: "the only right status of `http`",
    read: httpStatus,
  },
  ca: {
    name: "ca",
    form: "FILE",
    help: "a PEM file that `http` trusts besides the system's certificates",
    read: (text: string) => text,
  },
  interval: {
    name: "interval",
    form: "SECONDS",
    unit: "seconds",
    default: "2",
    help: "the time from the beginning of one run to that of the next",
    read: (text: string) => parseSeconds(text),
  },
  timeout: {
    name: "timeout",
    form: "SECONDS",
    unit: "seconds",
    default: "1",
    help: "the time after which a run has failed",
    read: (text: string) => parseSeconds(text),
  },
  rise: {
    name: "rise",
    form: "N",
    unit: "runs",
    default: "2",
    help: "so many runs in a row must succeed for the check to pass",
    read: atLeastOne,
  },
  fall: {
    name: "fall",
    form: "N",
    unit: "runs",
    default: "3",
    help: "so many runs in a row must fail for the check to fail",
    read: atLeastOne,
  },
  leader: {
    name: "leader",
    form: "1 or 0",
    default: "0",
    help: "1: it asks whether this server leads, and to fail is no fault",
    read: parseFlag,
  },
  name: {
    name: "name",
    form: "NAME",
    otherwise: "the kind",
    help: "the name of the check in log and status",
    read: checkName,
  },
} satisfies Record<string, KeyRow>;

/** The keys of `legion-check`, in the order of the manual. */
export const checkKeys: readonly KeyRow[] = Object.values(keys);

/**
 * Reads the part of a `legion-check` line behind the legion's name: `cmd=COMMAND`, `http=URL` or
 * `tcp=HOST:PORT`, and how the check is run.
 *
 * @param written the same text before references were replaced
 * @throws Invalid when a key is missing, is not known, or has no such value
 */
export function parseCheck(text: string, written: string): Omit<Check, "file" | "line"> {
  const pairs = new Pairs(text, namesOf(checkKeys));
  const kinds = Object.values(probes).filter(({ name }) => pairs.get(name) !== undefined);
  if (kinds.length !== 1) throw new Invalid("right would be one of cmd=, http= and tcp=");
  const [{ name: kind }] = kinds;
  for (const { name } of [keys.status, keys.ca]) {
    if (pairs.get(name) !== undefined && kind !== "http") {
      throw new Invalid(`${name}: only http has one`);
    }
  }
  return {
    // The kind stands in for a missing name: a command or a URL may hold a password.
    name: pairs.given(keys.name) ?? kind,
    probe: probe(kind, pairs, written),
    intervalMs: pairs.value(keys.interval),
    timeoutMs: pairs.value(keys.timeout),
    rise: pairs.value(keys.rise),
    fall: pairs.value(keys.fall),
    leader: pairs.value(keys.leader),
  };
}

/** Whether a check is a command: in one, `$(…)` is left to the shell. */
export function asksShell(text: string): boolean {
  return /(^|,)cmd=/.test(text);
}

function probe(kind: string, pairs: Pairs, written: string): CheckProbe {
  switch (kind) {
    case "cmd": {
      const inFile = new Pairs(written, namesOf(checkKeys));
      return { kind, command: pairs.value(keys.cmd), written: inFile.value(keys.cmd) };
    }
    case "http": {
      const status = about(kind, () => pairs.given(keys.status)) ?? 0;
      const ca = pairs.given(keys.ca);
      return { kind, url: pairs.value(keys.http), status, ...ca === undefined ? {} : { ca } };
    }
    default:
      return { kind: "tcp", address: pairs.value(keys.tcp) };
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
  // A server may listen on all addresses, but a client asks at one of them.
  return text.startsWith(":") ? { ...address, host: "127.0.0.1" } : address;
}

function checkName(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new Invalid("right would be up to 64 letters, digits, and . _ -");
}
