import { TestProcess } from "./process.ts";

/** Whether there is a uWSGI on this machine (Debian's package `uwsgi-core`). */
export const hasUwsgi = await runs("uwsgi", ["--version"]);

async function runs(command: string, args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

// Blowfish is in OpenSSL 3's legacy provider, which has to be asked for.
const opensslConf = `openssl_conf = init
[init]
providers = providers
[providers]
default = active
legacy = active
[active]
activate = 1
`;

/** What a uWSGI node says in its log. */
export const uwsgiSays = {
  lord: /i am now the Lord of the Legion/,
  /** Another one is elected. */
  elected: /raised for Legion|WE HAVE QUORUM/,
  noLonger: /i am no more the Lord of the Legion|a new Lord \(.*\) raised/,
};

/** Runs a uWSGI node with the given options, besides those that let it start without an app. */
export async function startUwsgi(
  folder: string,
  name: string,
  options: string,
  on: readonly string[] = [],
): Promise<TestProcess> {
  const file = `${folder}/${name}.ini`;
  // Each its own: one that starts must not find it half written by the next.
  const conf = `${folder}/${name}-openssl.cnf`;
  await Deno.writeTextFile(conf, opensslConf);
  await Deno.writeTextFile(file, `[uwsgi]\nmaster = true\n${options}`);
  const [command, ...args] = [...on, "uwsgi", "--ini", file];
  return new TestProcess({ name, command, args, env: { OPENSSL_CONF: conf } });
}
