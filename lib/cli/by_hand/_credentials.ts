import { errorMessage } from "../../base/error_message.ts";
import { isDescriptor, readGiven } from "../../base/read_given.ts";
import { readSecret } from "../../base/secret_file.ts";
import { utf8Text } from "../../base/utf8_text.ts";
import { defaultConfig } from "../default_config.ts";
import type { ParsedOptions } from "../options.ts";
import { printErrorLine } from "../print.ts";
import { UsageError } from "../usage_error.ts";

/** The credentials of a user of the Robot's web service, or the token of a project of the Cloud. */
export type Credentials =
  | {
    /** The user's name. */
    readonly username: string;
    /** The user's password. */
    readonly password: string;
  }
  | {
    /** The token. */
    readonly token: string;
  };

// The most that is read of standard input: a password is one line, and shorter.
const maxBytes = 4_096;

/**
 * The configuration that has the credentials: that of `--config`, else the default one where it is
 * there. Undefined where they come from elsewhere.
 *
 * @throws UsageError when they are given twice, or one half is missing
 */
export async function credentialsConfig(options: ParsedOptions): Promise<string | undefined> {
  const user = options.value("user");
  const tokenFile = options.value("token-file");
  const config = options.value("config");
  if (user !== undefined && tokenFile !== undefined) {
    throw new UsageError(
      "--user is for the Robot and --token-file for the Cloud: right would be one",
    );
  }
  if (user === undefined && options.value("password-file") !== undefined) {
    throw new UsageError("--password-file needs --user");
  }
  if ((user ?? tokenFile) === undefined) {
    return config ?? (await exists(defaultConfig) ? defaultConfig : undefined);
  }
  if (config !== undefined) {
    const option = user === undefined ? "--token-file" : "--user";
    throw new UsageError(`the credentials are either in --config or with ${option}, not both`);
  }
}

/**
 * The credentials that are not in a configuration: from `--user` with `--password-file` or
 * ROBOT_PASSWORD, or from `--token-file`; else from ROBOT_USER and ROBOT_PASSWORD, or HCLOUD_TOKEN.
 *
 * @throws UsageError when there are none, or the file cannot be read
 */
export async function credentials(options: ParsedOptions): Promise<Credentials> {
  const user = options.value("user");
  const file = options.value("password-file");
  const tokenFile = options.value("token-file");
  if (tokenFile !== undefined) return { token: await secretIn("token-file", tokenFile) };
  const username = user ?? Deno.env.get("ROBOT_USER");
  const token = Deno.env.get("HCLOUD_TOKEN");
  if (!username && token) return { token };
  if (!username) {
    throw new UsageError(
      `no credentials: there is no ${defaultConfig}; give --config FILE; ROBOT_USER and ` +
        "ROBOT_PASSWORD, or --user NAME with --password-file FILE; HCLOUD_TOKEN, or --token-file FILE",
    );
  }
  const password = file === undefined
    ? Deno.env.get("ROBOT_PASSWORD")
    : await secretIn("password-file", file);
  if (!password) {
    throw new UsageError(
      `no password for ${username}: give --password-file FILE, or ROBOT_PASSWORD`,
    );
  }
  return { username, password };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function secretIn(option: string, file: string): Promise<string> {
  if (file === "-" && Deno.stdin.isTerminal()) {
    throw new UsageError(`--${option} - reads a pipe: a terminal would show the secret`);
  }
  const warn = (what: string) => printErrorLine(`warning: --${option} ${file}: ${what}`);
  try {
    const bytes = file === "-" ? await read(Deno.stdin) : readGiven(file);
    const secret = readSecret(file, { readFile: () => utf8Text(bytes), warn });
    if (file !== "-" && !isDescriptor(file)) warnOfReaders(file, await Deno.stat(file));
    return secret;
  } catch (error) {
    const reason = errorMessage(error);
    throw new UsageError(`--${option} ${file} cannot be read: ${reason}`);
  }
}

async function read(
  source: { read(buffer: Uint8Array): Promise<number | null> },
): Promise<Uint8Array> {
  const buffer = new Uint8Array(maxBytes);
  let length = 0;
  while (length < buffer.length) {
    const read = await source.read(buffer.subarray(length));
    if (read === null) break;
    length += read;
  }
  return buffer.subarray(0, length);
}

function warnOfReaders(file: string, { mode }: Deno.FileInfo): void {
  if (mode !== null && (mode & 0o077) !== 0) {
    printErrorLine(`warning: others may read ${file}: chmod 600 ${file}`);
  }
}
