import { Invalid } from "../base/invalid.ts";
import { maskedUrl } from "../base/masked_url.ts";
import type { SectionLine, Sections } from "../base/section.ts";
import type { SecretReader } from "../base/secret_file.ts";
import { apiAddress } from "../http_api/provider.ts";
import { statusesText } from "../http_api/condition.ts";
import { render } from "../http_api/template.ts";
import type { ApiSettings } from "../http_api/settings.ts";
import type { HookKind } from "./action.ts";
import { authText, parseAuth } from "./_http_auth.ts";
import { bodyOf, httpKeys as keys, httpRows } from "./_http_keys.ts";
import { describeKept, filesOfKept, isReadable } from "./_kept_keys.ts";
import { moveHere } from "./_move_here.ts";
import { warningsOfProxy } from "./_proxy_key.ts";
import { SectionKeys } from "./_section_keys.ts";

/** The settings of an action, with texts to show: URLs as the file has them, references too. */
export interface HttpSettings extends ApiSettings {
  /** The URL of the request for a switch, without references' values. */
  readonly shownUrl: string;
  /** The URL of the look, in the same way. */
  readonly shownLook?: string;
  /** The URL of the poll, in the same way. */
  readonly shownPoll?: string;
}

/** `http:NAME` moves an address by the requests in the section `[http NAME]`. */
export const http: HookKind<HttpSettings> = {
  kind: "http",
  names: ["http"],
  keys: [],

  read(name, _written, secretIn, sections) {
    if (!/^[\w.-]{1,40}$/.test(name)) {
      throw new Invalid(
        "right would be http:NAME, where NAME is letters, digits, ., _ and -, at most 40",
      );
    }
    const lines = sections?.lines(`http ${name}`) ?? [];
    if (sections === undefined || lines.length === 0) {
      throw new Invalid(`there is no section [http ${name}]`);
    }
    const { legion, node } = sections;
    const given = new SectionKeys(lines, httpRows);
    const settings = { name, legion, node, ...readKeys(given, secretIn, sections) };
    given.end();
    const written = (key: string) => given.line(key)?.written;
    return {
      ...settings as Omit<ApiSettings, "secrets">,
      secrets: lines.flatMap(secretsOf),
      shownUrl: written("url") ?? "",
      shownLook: written("look-url"),
      shownPoll: written("poll-url"),
    };
  },

  describe: (settings) => {
    const { ip, here, method, shownUrl, shownLook, shownPoll, headers, auth } = settings;
    const { statuses, look } = settings;
    return [
      `http:${settings.name}: give ${ip} to ${here}`,
      `by ${method} ${maskedUrl(shownUrl)}, taken with ${statusesText(statuses)}`,
      ...headers.map(({ name }) => `with the header ${name}: ***`),
      ...auth === undefined ? [] : [`login: ${authText(auth, settings.secrets)}`],
      ...shownPoll === undefined ? [] : [`then ask ${maskedUrl(shownPoll)} until it is done`],
      look === undefined
        ? "not verified: there is no look-url that tells where the address is"
        : `look at ${look.at} of ${maskedUrl(shownLook ?? "")}`,
      ...describeKept({ ...settings, url: origin(settings) }),
    ];
  },

  warnings(settings) {
    const { auth, headers, look, proxy } = settings;
    const urls = [origin(settings), ...auth !== undefined && "url" in auth ? [auth.url] : []];
    const hasLogin = auth !== undefined || headers.length > 0;
    return [
      ...urls.some(isReadable) && hasLogin ? ["over http the login is readable"] : [],
      ...look === undefined ? ["not verified: without look-url nobody sees where it is"] : [],
      ...warningsOfProxy({ url: urls[0], proxy }),
    ];
  },

  files: filesOfKept,

  run: (settings, context) => moveHere(apiAddress(settings), context),

  provider: (settings, { url, timeoutMs, deadlineMs, ca } = {}) =>
    apiAddress({
      ...settings,
      url: url === undefined ? settings.url : [url],
      timeoutMs: timeoutMs ?? settings.timeoutMs,
      deadlineMs: deadlineMs ?? settings.deadlineMs,
      ca: ca ?? settings.ca,
    }),
};

/** The settings of a section; a value that is wrong or missing is undefined, and told at its end. */
function readKeys(
  given: SectionKeys,
  secretIn: SecretReader,
  { node, legion }: Pick<Sections, "node" | "legion">,
) {
  const names = new Set<string>();
  const headers = given.all(keys.header).map(({ line, value }) => {
    if (names.has(value.name)) given.problem(line, "the header is there twice");
    names.add(value.name);
    // All other values are ASCII by their own rules.
    const whole = render(value.value, { ip: "", here: "", node, legion });
    if (!/^[ -~]*$/.test(whole)) given.problem(line, "a name put in is not printable ASCII");
    return value;
  });
  const type = headers.find(({ name }) => name === "content-type")?.value;
  const auth = given.given({ ...keys.auth, read: (text) => parseAuth(text, secretIn) });
  const authLine = given.line("auth");
  if (authLine !== undefined && headers.some(({ name }) => name === "authorization")) {
    given.problem(authLine, "a header has the login already");
  }
  const body = given.given({ ...keys.body, read: (text) => bodyOf(text, type?.join("")) });
  const look = lookOf(given);
  const poll = pollOf(given);
  const isLook = given.line("look-url") !== undefined;
  for (const key of ["verify", "reclaim"]) {
    const line = given.line(key);
    if (line !== undefined && !isLook) given.problem(line, "without look-url nothing is looked at");
  }
  const conditions = (row: typeof keys.busy) => given.all(row).map(({ value }) => value);
  return {
    ip: given.value(keys.ip),
    here: given.value(keys.here),
    url: given.value(keys.url),
    method: given.value(keys.method),
    headers: headers.filter(({ name }) => name !== "content-type"),
    ...body !== undefined && { body },
    statuses: given.value(keys.status),
    already: conditions(keys.already),
    busy: conditions(keys.busy),
    cooldown: conditions(keys.cooldown),
    ...poll !== undefined && { poll },
    ...look !== undefined && { look },
    ...auth !== undefined && { auth },
    timeoutMs: given.value(keys.timeout),
    deadlineMs: given.value(keys.deadline),
    verifyMs: isLook ? given.value(keys.verify) : 0,
    reclaim: given.value(keys.reclaim),
    ca: given.given(keys.ca),
    proxy: given.given(keys.proxy),
  };
}

function lookOf(given: SectionKeys): ApiSettings["look"] {
  const url = given.given(keys.lookUrl);
  const at = given.given(keys.lookAt);
  const [urlLine, atLine] = [given.line("look-url"), given.line("look-at")];
  if (urlLine !== undefined && atLine === undefined) given.problem(urlLine, "look-at is missing");
  if (atLine !== undefined && urlLine === undefined) given.problem(atLine, "look-url is missing");
  return url === undefined || at === undefined ? undefined : { url, at };
}

function pollOf(given: SectionKeys): ApiSettings["poll"] {
  const url = given.given(keys.pollUrl);
  const done = given.all(keys.pollDone).map(({ value }) => value);
  const failed = given.all(keys.pollFailed).map(({ value }) => value);
  const line = given.line("poll-url");
  const other = given.line("poll-done") ?? given.line("poll-failed");
  if (line !== undefined && given.line("poll-done") === undefined) {
    given.problem(line, "poll-done is missing: the poll would never end");
  }
  if (other !== undefined && line === undefined) given.problem(other, "poll-url is missing");
  return url === undefined ? undefined : { url, done, failed };
}

// A file may hold anything; nothing longer is searched for in a reply.
const mostSecret = 4096;

/** A value in a URL, a form or JSON whose name says that it is secret. */
const namedSecret = /(?:key|token|secret|pass\w*|auth\w*)"?\s*[=:]\s*"?([^"&#{}\s,]+)/gi;

/** The parts of a line that are, or may be, a secret. */
function secretsOf({ key, value, brought }: SectionLine): readonly string[] {
  if (key === "ip" || key === "here") return [];
  return [...brought, ...key === "header" ? secretsOfHeader(value) : namedIn(value)]
    .map((each) => each.slice(0, mostSecret));
}

function namedIn(value: string): string[] {
  return [...value.matchAll(namedSecret)].map(([, secret]) => secret);
}

function secretsOfHeader(value: string): string[] {
  const [name, text = ""] = value.split(/\s*:\s*(.*)/s);
  if (/^(accept.*|content-type|user-agent)$/i.test(name)) return [];
  return [text, text.split(" ").at(-1) ?? ""];
}

/** The URL of the API up to its path. */
function origin({ url: [first] }: Pick<ApiSettings, "url">): string {
  return new URL(String(first)).origin;
}
