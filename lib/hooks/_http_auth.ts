import { httpUrl } from "../base/http_url.ts";
import { Invalid } from "../base/invalid.ts";
import { maskedUrl } from "../base/masked_url.ts";
import type { SecretReader } from "../base/secret_file.ts";
import type { Auth } from "../http_api/settings.ts";

/** The forms of the key `auth`. */
const forms = [
  "basic USER FILE",
  "bearer FILE",
  "client-credentials URL CLIENT FILE [SCOPE]",
  "refresh-token URL CLIENT FILE [SCOPE]",
] as const;

/**
 * Reads a login, whose secret is the first line of a file.
 *
 * @throws Invalid
 */
export function parseAuth(text: string, secretIn: SecretReader): Auth {
  const [kind, ...rest] = text.split(/\s+/);
  if (kind === "basic" && rest.length === 2) {
    const [user, file] = rest;
    if (user.includes(":")) throw new Invalid("the user of a basic login has no colon");
    return { kind, user, secret: secretIn(file) };
  }
  if (kind === "bearer" && rest.length === 1) return { kind, secret: token(secretIn(rest[0])) };
  const isFetched = kind === "client-credentials" || kind === "refresh-token";
  if (isFetched && rest.length >= 3) {
    const [url, client, file, ...scopes] = rest;
    const { username, password } = httpUrl(url);
    if (username + password !== "") throw new Invalid("the URL of a token has no user");
    const scope = scopes.length === 0 ? {} : { scope: scopes.join(" ") };
    return { kind, url, client, secret: secretIn(file), ...scope };
  }
  throw new Invalid(`right would be ${forms.join(", or ")}`);
}

/**
 * A login in words, its secret as `***`.
 *
 * @param secrets further values that must not be shown
 */
export function authText(auth: Auth, secrets: readonly string[]): string {
  const shown = (text: string) => secrets.includes(text) ? "***" : text;
  switch (auth.kind) {
    case "basic":
      return `basic ${shown(auth.user)} ***`;
    case "bearer":
      return "bearer ***";
    default: {
      const url = secrets.some((secret) => secret.length > 3 && auth.url.includes(secret))
        ? `${new URL(auth.url).origin}/***`
        : maskedUrl(auth.url);
      return `${auth.kind} ${url} ${shown(auth.client)} ***`;
    }
  }
}

/** A token is sent in a header: whatever else than printable text is a mistake. */
function token(text: string): string {
  if (/^[!-~]+$/.test(text)) return text;
  throw new Invalid("the file holds no token: it has blanks, or other than ASCII characters");
}
