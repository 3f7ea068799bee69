import ipaddr from "ipaddr.js";
import type { HetznerFailoverip } from "./config.ts";
import { Invalid } from "./_invalid.ts";
import { parseSeconds } from "./number.ts";
import { about, Pairs } from "./_pairs.ts";

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
 * Reads the argument of a `hetzner-failoverip:` action (API.md, "The action").
 *
 * @throws Invalid when a key is missing, is not known, or has no such value
 */
export function parseHetznerFailoverip(argument: string): HetznerFailoverip {
  const pairs = new Pairs(argument, keys);
  const username = pairs.required("username", "user");
  const password = pairs.required("password", "pass");
  const ip = about("ip", () => address(pairs.required("ip")));
  const activeServerIp = about(
    "active_ip",
    () => address(pairs.required("active_ip", "active_server_ip")),
  );
  if (ip.includes(":") !== activeServerIp.includes(":")) {
    throw new Invalid("ip and active_ip must both be IPv4 or both IPv6");
  }
  const timeoutMs = pairs.read("timeout", parseSeconds, 60_000);
  return {
    username,
    password,
    ip,
    activeServerIp,
    // The Robot writes an IPv6 net address in its short form.
    url: pairs.read("url", parseUrl, `${robotUrl}/failover/${ipaddr.parse(ip)}`),
    timeoutMs,
    deadlineMs: pairs.read("deadline", parseSeconds, 3 * timeoutMs),
    sslNoVerify: pairs.get("ssl_no_verify") !== undefined,
    ca: pairs.get("ca"),
    verifyMs: pairs.read("verify", parseVerify, 300_000),
    reclaim: pairs.read("reclaim", parseSwitch, true),
    preflight: pairs.read("preflight", parseSwitch, true),
  };
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
