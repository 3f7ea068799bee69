import { TestProcess } from "./process.ts";

/** Whether uWSGI is on this machine (Debian's package `uwsgi-core`). */
export const hasUwsgi = await runs("uwsgi", ["--version"]);

async function runs(command: string, args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

/** An OpenSSL configuration with the legacy provider, where OpenSSL 3 has Blowfish. */
export const opensslConf = `openssl_conf = init
[init]
providers = providers
[providers]
default = active
legacy = active
[active]
activate = 1
`;

/** The lines in the log of a uWSGI node. */
export const uwsgiSays = {
  lord: /i am now the Lord of the Legion/,
  /** Another node is elected. */
  elected: /raised for Legion|WE HAVE QUORUM/,
  noLonger: /i am no more the Lord of the Legion|a new Lord \(.*\) raised/,
};

/** Starts a uWSGI node with the given options, and the ones that let it start without an app. */
export async function startUwsgi(
  folder: string,
  name: string,
  options: string,
  on: readonly string[] = [],
): Promise<TestProcess> {
  const file = `${folder}/${name}.ini`;
  // Each node has a file of its own, so that none reads it half written by the next.
  const conf = `${folder}/${name}-openssl.cnf`;
  await Deno.writeTextFile(conf, opensslConf);
  await Deno.writeTextFile(file, `[uwsgi]\nmaster = true\n${options}`);
  const [command, ...args] = [...on, "uwsgi", "--ini", file];
  return new TestProcess({ name, command, args, env: { OPENSSL_CONF: conf } });
}
