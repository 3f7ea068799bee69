import { httpUrl } from "../base/http_url.ts";
import { Invalid } from "../base/invalid.ts";
import type { KeyRow } from "../base/option_row.ts";
import { about, type Pairs } from "../base/pairs.ts";
import type { SecretReader } from "../base/secret_file.ts";
import { cloudUrl } from "../hcloud/client.ts";
import type { KeptSettings } from "../hcloud/provider.ts";
import { metadataUrl } from "../hcloud/self.ts";
import { isServerName } from "../hcloud/server_name.ts";
import {
  caKey,
  deadlineKey,
  describeKept,
  isReadable,
  preflightKey,
  reclaimKey,
  timeoutKey,
  verifyKey,
} from "./_kept_keys.ts";
import { proxyKey, warningsOfProxy } from "./_proxy_key.ts";

/** The keys that say as whom to ask the Cloud. */
export const tokenKeys = {
  token: {
    name: "token",
    form: "TOKEN",
    otherwise: "`token_file`",
    help: "the token of the Cloud's project, which may read and write",
    read: asIs,
  },
  tokenFile: {
    name: "token_file",
    form: "FILE",
    otherwise: "`token`",
    help: "a file whose first line is the token",
    read: asIs,
  },
} satisfies Record<string, KeyRow>;

/** The keys of all actions of the Cloud that say where to, how, and how often to look. */
export const cloudKeys = {
  server: {
    name: "server",
    form: "ID, NAME or self",
    default: "self",
    help: "the server to have the address at; self: this one, by the Cloud's metadata service",
    read: serverName,
  },
  url: {
    name: "url",
    form: "URL",
    default: cloudUrl,
    help: "the base of the Cloud's API, with its version",
    read: cloudBase,
  },
  // A change answers at once, and goes on (hcloud/API.md, "Actions").
  timeout: { ...timeoutKey, default: "10" },
  deadline: { ...deadlineKey, default: "60" },
  verify: verifyKey(10, 60, "all nodes share the project's quota"),
  reclaim: reclaimKey,
  preflight: preflightKey,
  ca: caKey,
  proxy: proxyKey,
  metadata: {
    name: "metadata",
    form: "URL",
    default: metadataUrl,
    help: "the URL that tells the id of this server, for `server=self`",
    read: plainUrl,
  },
} satisfies Record<string, KeyRow>;

/** The rows of the keys that are the same for all actions of the Cloud. */
export const cloudRows: readonly KeyRow[] = [
  ...Object.values(tokenKeys),
  ...Object.values(cloudKeys),
];

/** The settings that are the same for all actions of the Cloud. */
export interface CloudKeysRead extends KeptSettings {
  /** The file that the token came from. */
  readonly tokenFile?: string;
}

/**
 * Reads the keys that are the same for all actions of the Cloud.
 *
 * @param secretIn reads the file of the token
 * @throws Invalid when a value is wrong, or there is no token
 */
export function readCloudKeys(pairs: Pairs, secretIn: SecretReader): CloudKeysRead {
  const tokenFile = pairs.given(tokenKeys.tokenFile);
  const secret = pairs.secret(tokenKeys.token, tokenKeys.tokenFile, secretIn);
  return {
    token: about(tokenFile === undefined ? "token" : "token_file", () => token(secret)),
    ...tokenFile !== undefined && { tokenFile },
    server: pairs.value(cloudKeys.server),
    url: pairs.value(cloudKeys.url),
    timeoutMs: pairs.value(cloudKeys.timeout),
    deadlineMs: pairs.value(cloudKeys.deadline),
    verifyMs: pairs.value(cloudKeys.verify),
    reclaim: pairs.value(cloudKeys.reclaim),
    preflight: pairs.value(cloudKeys.preflight),
    ca: pairs.given(cloudKeys.ca),
    proxy: pairs.given(cloudKeys.proxy),
    metadata: pairs.value(cloudKeys.metadata),
  };
}

/** These settings in lines to read, the token as `***`. */
export function describeCloudKeys(settings: CloudKeysRead): string[] {
  const { url, tokenFile, server, metadata } = settings;
  return [
    `by ${url}, token ***${tokenFile === undefined ? "" : ` of ${tokenFile}`}`,
    ...describeKept(settings),
    ...server !== "self" || metadata === metadataUrl ? [] : [`this server by ${metadata}`],
  ];
}

/** The parts of these settings that are allowed and unwise. */
export function warningsOfCloudKeys({ url, proxy }: CloudKeysRead): string[] {
  return [
    ...isReadable(url) ? ["over http the token is readable"] : [],
    ...warningsOfProxy({ url, proxy }),
  ];
}

function asIs(text: string): string {
  return text;
}

/** A token is sent in a header: whatever else than printable text is a mistake. */
function token(text: string): string {
  if (/^[!-~]{1,512}$/.test(text)) return text;
  throw new Invalid(
    "this is no token of the Cloud's: it has other characters than letters and digits",
  );
}

function serverName(text: string): string {
  if (isServerName(text)) return text;
  throw new Invalid("right would be the id or the name of a server, or self");
}

function cloudBase(text: string): string {
  const { username, password } = httpUrl(text);
  if (username !== "" || password !== "") throw new Invalid("the token has a key of its own");
  return plainUrl(text);
}

function plainUrl(text: string): string {
  const { username, password, search, hash } = httpUrl(text);
  if (username + password + search + hash === "") return text;
  throw new Invalid("right would be a URL without user, query and fragment");
}
