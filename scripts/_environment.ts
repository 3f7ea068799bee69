/** The variables that tell where things are, and how to reach the servers Deno downloads from. */
const needed = [
  "HOME",
  "PATH",
  "TMPDIR",
  "XDG_CACHE_HOME",
  "DENO_DIR",
  "DENORT_BIN",
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_DIR",
  "SSL_CERT_FILE",
  "NPM_CONFIG_REGISTRY",
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].flatMap((name) => [name, name.toLowerCase()]),
];

/**
 * The environment for a `deno` that builds: no more of this process's than it needs. Further
 * variables could get into the executable, such as OTEL_DENO, which makes a program send out what
 * it does.
 */
export function environment(): Record<string, string> {
  const found = needed.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(found), NO_COLOR: "1" };
}
