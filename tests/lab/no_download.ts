import { bundle } from "../../scripts/_bundle.ts";

/** An environment in which the runtime's download server never answers. */
export interface NoDownload extends Disposable {
  /** The variables for `deno compile`. */
  readonly env: Record<string, string>;
}

/**
 * Starts a download server that accepts every connection and never answers. The files that
 * `deno bundle` needs are downloaded before.
 */
export async function noDownload(folder: string): Promise<NoDownload> {
  // A first run of the bundler downloads it.
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

/** Makes a DENO_DIR with the packages and tools of this one, but without a downloaded runtime. */
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
