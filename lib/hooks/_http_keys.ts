import { httpUrl } from "../base/http_url.ts";
import { Invalid } from "../base/invalid.ts";
import { isAddress } from "../base/ip_address.ts";
import { parseCondition, parseStatuses } from "../http_api/condition.ts";
import { isPointer, keysOf } from "../http_api/pointer.ts";
import type { ApiSettings } from "../http_api/settings.ts";
import { isServerName } from "../http_api/server_name.ts";
import { parseTemplate, render, type Template, type Values } from "../http_api/template.ts";
import { caKey, deadlineKey, reclaimKey, timeoutKey, verifyKey } from "./_kept_keys.ts";
import { proxyKey } from "./_proxy_key.ts";
import type { SectionRow } from "./_section_keys.ts";

const methods = ["POST", "PUT", "PATCH", "GET", "DELETE"] as const;

/** The keys of a section `[http NAME]`. */
export const httpKeys = {
  ip: {
    name: "ip",
    form: "ADDRESS",
    required: true,
    help: "the address; `{ip}` in other keys",
    read: address,
  },
  here: {
    name: "here",
    form: "NAME",
    required: true,
    help: "the API's name of this server, such as its id; `{here}` in other keys",
    read: serverName,
  },
  url: {
    name: "url",
    form: "URL",
    required: true,
    help: "the request that gives the address to this server",
    read: (text: string) => urlTemplate(text),
  },
  method: {
    name: "method",
    form: "METHOD",
    default: "POST",
    help: "its method: POST, PUT, PATCH, GET or DELETE",
    read: method,
  },
  header: {
    name: "header",
    form: "NAME: VALUE",
    repeats: true,
    help: "a header of all requests; may stand on several lines",
    read: header,
  },
  body: {
    name: "body",
    form: "TEXT",
    help: "its body: JSON, or a form (`a=b&c=d`)",
    read: (text: string) => text,
  },
  status: {
    name: "status",
    form: "STATUSES",
    default: "200-299",
    help: "the statuses of a request that is taken, as `200,202`",
    read: parseStatuses,
  },
  already: {
    name: "already",
    form: "CONDITION",
    repeats: true,
    help: "the reply that says that the address is there already",
    read: parseCondition,
  },
  busy: {
    name: "busy",
    form: "CONDITION",
    repeats: true,
    help: "the reply that says: not now, ask again in some seconds",
    read: parseCondition,
  },
  cooldown: {
    name: "cooldown",
    form: "CONDITION",
    repeats: true,
    help: "the reply that says: moved too short a time ago, ask again in some minutes",
    read: parseCondition,
  },
  pollUrl: {
    name: "poll-url",
    form: "URL",
    help: "a GET that tells how the switch goes on, with `{reply:/POINTER}` of its reply",
    read: (text: string) => urlTemplate(text, true),
  },
  pollDone: {
    name: "poll-done",
    form: "CONDITION",
    repeats: true,
    help: "the reply to it that says that the switch is done",
    read: parseCondition,
  },
  pollFailed: {
    name: "poll-failed",
    form: "CONDITION",
    repeats: true,
    help: "the reply to it that says that the switch has failed",
    read: parseCondition,
  },
  lookUrl: {
    name: "look-url",
    form: "URL",
    help: "a GET that tells where the address is; without it nothing is verified",
    read: (text: string) => urlTemplate(text),
  },
  lookAt: {
    name: "look-at",
    form: "POINTER",
    help: "the JSON pointer of the server in its reply, compared with `here`",
    read: pointer,
  },
  auth: {
    name: "auth",
    form: "LOGIN",
    help: "the login, see below",
    read: (text: string) => text,
  },
  // An API may answer at once, as the Cloud does, or at the end of the switch, as the Robot.
  timeout: { ...timeoutKey, default: "30" },
  deadline: { ...deadlineKey, default: "180" },
  verify: verifyKey(10, 60),
  reclaim: reclaimKey,
  ca: caKey,
  proxy: proxyKey,
} satisfies Record<string, SectionRow>;

/** The rows of all keys. */
export const httpRows: readonly SectionRow[] = Object.values(httpKeys);

/** Values to try a template with. */
const sample: Values = { ip: "192.0.2.1", here: "1", node: "a", legion: "a" };

/** A reply in which every field that is asked for is there. */
function sampleReply(template: Template): unknown {
  const pointers = template.flatMap((part) => typeof part === "string" ? [] : part.pointer || []);
  const reply: Record<string, unknown> = {};
  for (const pointer of pointers) {
    let at = reply;
    const keys = keysOf(pointer);
    for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
    at[keys[keys.length - 1]] ??= "1";
  }
  return reply;
}

function urlTemplate(text: string, hasReply = false): Template {
  const template = parseTemplate(text, { as: "url", hasReply });
  if (/\s/.test(text)) throw new Invalid("a URL has no blanks");
  if (!/^https?:\/\/[^/?#{}\s]+[/?]/i.test(text)) {
    throw new Invalid("right would be a URL, whose host has no name in braces, and a path");
  }
  const { username, password, hash } = httpUrl(render(template, sample, sampleReply(template)));
  if (username + password + hash !== "") {
    throw new Invalid("right would be a URL without user and fragment; the login is auth");
  }
  return template;
}

function method(text: string): ApiSettings["method"] {
  const found = methods.find((one) => one === text.toUpperCase());
  if (found !== undefined) return found;
  throw new Invalid(`right would be one of ${methods.join(", ")}`);
}

// Headers that the request sets itself, and those that ask for a reply which cannot be read.
const ownHeaders = [
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
  "accept-encoding",
  "expect",
  "upgrade",
];

function header(text: string): ApiSettings["headers"][number] {
  const [, given = "", value = ""] = /^([\w!#$%&'*+.^`|~-]+)\s*:\s*(.*)$/.exec(text) ?? [];
  const name = given.toLowerCase();
  if (name === "" || !/^[ -~]+$/.test(value)) {
    throw new Invalid("right would be NAME: VALUE, of printable ASCII");
  }
  if (ownHeaders.includes(name)) throw new Invalid("this header is set by the program itself");
  return { name, value: parseTemplate(value, { as: "header" }) };
}

/**
 * Reads a body: JSON, or a form. A media type that `header` names decides, and else the body's first
 * character.
 *
 * @throws Invalid
 */
export function bodyOf(text: string, type?: string): NonNullable<ApiSettings["body"]> {
  if (/^'.*'$/s.test(text)) throw new Invalid("a body has no quotation marks around it");
  const isJson = type === undefined ? /^[{["]/.test(text) : /\bjson\b/i.test(type);
  if (!isJson && type !== undefined && !/^application\/x-www-form-urlencoded\b/i.test(type)) {
    throw new Invalid("a body is JSON or a form: the header content-type says something else");
  }
  const template = parseTemplate(text, { as: isJson ? "json" : "form" });
  if (isJson) checkJson(render(template, sample));
  return { text: template, type: type ?? (isJson ? "application/json" : formType) };
}

const formType = "application/x-www-form-urlencoded";

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new Invalid("this is no JSON");
  }
}

function address(text: string): string {
  if (isAddress(text)) return text;
  throw new Invalid("this is no IP address");
}

function serverName(text: string): string {
  if (isServerName(text)) return text;
  throw new Invalid(
    "right would be the API's name of this server: at most 40 characters, no blanks or quotation marks",
  );
}

function pointer(text: string): string {
  if (isPointer(text)) return text;
  throw new Invalid("right would be a JSON pointer, as /data/0/server");
}
