/**
 * Masks a URL for people: user, password, the query's values and the fragment become `***`. The
 * names of the query's parameters stay, to show what is asked for; a parameter without `=` is
 * masked whole.
 *
 * @param url absolute or relative, right or wrong; the rest stays as written
 *
 * @example
 * ```ts
 * maskedUrl("http://u:p@host/health?token=abc&x"); // "http://***@host/health?token=***&***"
 * ```
 */
export function maskedUrl(url: string): string {
  const [, place, query, fragment] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url)!;
  return withoutUser(place) + (query === undefined ? "" : masked(query)) +
    (fragment === undefined ? "" : "#***");
}

/** Masks the URLs in a text for people, each up to white space or a quotation mark. */
export function withMaskedUrls(text: string): string {
  return text.replace(/\bhttps?:[/\\][^\s"'`]+/gi, maskedUrl);
}

/**
 * Masks the user: behind a scheme, with or without slashes (browsers take either), all up to the
 * last @.
 */
function withoutUser(place: string): string {
  return place.replace(/^(\s*[a-z][a-z0-9+.-]*:[/\\]*|[/\\]{2,})[^/\\]*@/i, "$1***@");
}

function masked(query: string): string {
  return query.replace(/[^?&;=]+(=[^&;]*)?|=[^&;]*/g, (pair) => {
    const equals = pair.indexOf("=");
    return equals < 0 ? "***" : `${pair.slice(0, equals)}=***`;
  });
}
