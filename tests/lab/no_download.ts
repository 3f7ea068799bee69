import { bundle } from "../../scripts/_bundle.ts";

/** The runtime's downloads, and how to meet a server of them that never answers. */
export interface NoDownload extends Disposable {
  /** For `deno compile`. */
  readonly env: Record<string, string>;
}

/**
 * A place where nothing can be downloaded from: every connection is taken, and never answered. What
 * `deno bundle` needs is there already.
 */
export async function noDownload(folder: string): Promise<NoDownload> {
  // The bundler is downloaded when it is needed for the first time.
  const bundled = await Deno.makeTempDir({ dir: folder });
  await bundle(bundled, { commit: "none", builtAt: "never" });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const held: Deno.Conn[] = [];
  (async () => {
    for await (const connection of listener) held.push(connection);
  })();
  return {
    env: {
      DENO_DIR: await withoutRuntime(folder),
      HTTPS_PROXY: `http://127.0.0.1:${listener.addr.port}`,
      https_proxy: `http://127.0.0.1:${listener.addr.port}`,
      NO_COLOR: "1",
    },
    [Symbol.dispose]() {
      listener.close();
      for (const connection of held) connection.close();
    },
  };
}

/** A DENO_DIR with this one's packages and tools, but for the runtime that may have been downloaded. */
async function withoutRuntime(folder: string): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(stdout));
  const dir = await Deno.makeTempDir({ dir: folder });
  await Deno.symlink(`${denoDir}/npm`, `${dir}/npm`);
  await Deno.mkdir(`${dir}/dl`);
  for await (const { name } of Deno.readDir(`${denoDir}/dl`)) {
    if (name.startsWith("esbuild")) {
      await Deno.symlink(`${denoDir}/dl/${name}`, `${dir}/dl/${name}`);
    }
  }
  return dir;
}
