import { closestString } from "@std/text/closest-string";
import ipaddr from "ipaddr.js";
import type { HetznerFailoverip } from "./config.ts";
import { Invalid } from "./_invalid.ts";
import { parseKeyval } from "./keyval.ts";
import { parseSeconds } from "./number.ts";

const robotUrl = "https://robot-ws.your-server.de";
const leastVerifyMs = 60_000;

const keys = [
  "username",
  "user",
  "password",
  "pass",
  "ip",
  "active_ip",
  "active_server_ip",
  "url",
  "timeout",
  "ssl_no_verify",
  "deadline",
  "ca",
  "verify",
  "reclaim",
  "preflight",
];

/**
 * Reads the argument of a `hetzner-failoverip:` action (robot-api, "The action").
 *
 * @throws Invalid when a key is missing, is not known, or has no such value
 */
export function parseHetznerFailoverip(argument: string): HetznerFailoverip {
  const pairs = keyval(argument);
  for (const key of pairs.keys()) {
    if (!keys.includes(key)) {
      const nearest = closestString(key, keys);
      throw new Invalid(
        `a key is not known: did you mean ${nearest}? A comma in a value is written "\\,"`,
      );
    }
  }
  const required = (...names: string[]) => {
    const value = names.map((name) => pairs.get(name)).find((value) => value !== undefined);
    if (!value) {
      throw new Invalid(`the key ${names.join(" (or ")}${names[1] ? ")" : ""} is missing`);
    }
    return value;
  };
  const within = <T>(key: string, read: (value: string) => T, otherwise: T): T => {
    const value = pairs.get(key);
    return value === undefined ? otherwise : about(key, () => read(value));
  };
  const username = required("username", "user");
  const password = required("password", "pass");
  const ip = about("ip", () => address(required("ip")));
  const activeServerIp = about(
    "active_ip",
    () => address(required("active_ip", "active_server_ip")),
  );
  if (ip.includes(":") !== activeServerIp.includes(":")) {
    throw new Invalid("ip and active_ip must both be IPv4 or both IPv6");
  }
  const timeoutMs = within("timeout", parseSeconds, 60_000);
  return {
    username,
    password,
    ip,
    activeServerIp,
    // The Robot writes an IPv6 net address in its short form.
    url: within("url", parseUrl, `${robotUrl}/failover/${ipaddr.parse(ip)}`),
    timeoutMs,
    deadlineMs: within("deadline", parseSeconds, 3 * timeoutMs),
    sslNoVerify: pairs.has("ssl_no_verify"),
    ca: pairs.get("ca"),
    verifyMs: within("verify", parseVerify, 300_000),
    reclaim: within("reclaim", parseSwitch, true),
    preflight: within("preflight", parseSwitch, true),
  };
}

function keyval(argument: string): Map<string, string> {
  try {
    return parseKeyval(argument);
  } catch (error) {
    throw new Invalid((error as SyntaxError).message);
  }
}

function about<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Invalid) || error.message.startsWith("the key")) throw error;
    throw new Invalid(`${key}: ${error.message}`);
  }
}

function address(text: string): string {
  const six = ipaddr.IPv6.isValid(text) && !text.includes("%");
  if (six || ipaddr.IPv4.isValidFourPartDecimal(text)) return text;
  throw new Invalid("this is no IP address");
}

function parseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) {
    throw new Invalid("it is no http or https URL");
  }
  if (url.hostname.startsWith("[")) throw new Invalid("the Robot is asked over IPv4");
  if (url.username !== "" || url.password !== "") {
    throw new Invalid("user and password have keys of their own");
  }
  return text;
}

function parseVerify(text: string): number {
  const verifyMs = parseSeconds(text, { zero: true });
  if (verifyMs > 0 && verifyMs < leastVerifyMs) {
    throw new Invalid("at least 60 seconds, or 0 for never: 100 looks an hour are all there are");
  }
  return verifyMs;
}

function parseSwitch(text: string): boolean {
  if (text !== "0" && text !== "1") throw new Invalid("right would be 1 or 0");
  return text === "1";
}
