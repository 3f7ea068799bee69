import { freePorts } from "../../tests/lab/free_ports.ts";
import { TestProcess } from "../../tests/lab/process.ts";

/** A node that is alone in its legion, and lord of it. */
export interface LoneNode extends AsyncDisposable {
  /** The process id. */
  readonly pid: number;
  /** The address of its status over HTTP, `host:port`. */
  readonly stats: string;
}

/**
 * Starts a node and waits until it is lord.
 *
 * @param path the path of the executable
 * @param env variables for its environment
 * @param more further lines for its configuration, of the legion `bench`
 */
export async function startLoneNode(
  path: string,
  env: Record<string, string>,
  more: readonly string[] = [],
): Promise<LoneNode> {
  await using made = new AsyncDisposableStack();
  const [port, statsPort] = freePorts(2);
  const stats = `127.0.0.1:${statsPort}`;
  const folder = await Deno.makeTempDir({ prefix: "failover-bench-" });
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const file = `${folder}/lone.ini`;
  const legion = `legion = bench 127.0.0.1:${port} 1 bf-cbc:secret1`;
  const lines = ["[uwsgi]", legion, `stats = ${stats}`, "stats-http = true", ...more, ""];
  await Deno.writeTextFile(file, lines.join("\n"));
  const node = made.use(
    new TestProcess({
      name: "lone",
      command: path,
      args: ["node", "--config", file, "--name", "lone"],
      // The node must not meet one that really runs here.
      env: { ...env, RUNTIME_DIRECTORY: `${folder}/run` },
    }),
  );
  await node.line(/this node is the lord/);
  const all = made.move();
  return { pid: node.pid, stats, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
