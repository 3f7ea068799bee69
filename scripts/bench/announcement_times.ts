import { close } from "../../lib/base/close.ts";
import { freePorts } from "../../tests/lab/free_ports.ts";
import { TestProcess } from "../../tests/lab/process.ts";

const patienceMs = 20_000;

/**
 * Measures how long a node takes from its start to its first announcement, in milliseconds, some
 * times in a row.
 *
 * @param path the path of the executable
 * @throws Error with the node's output, when none comes within 20 s
 */
export async function announcementTimes(
  path: string,
  { runs, env }: { runs: number; env: Record<string, string> },
): Promise<number[]> {
  const [port] = freePorts(1);
  const times: number[] = [];
  for (let run = 0; run < runs; run++) times.push(await once());
  return times;

  async function once(): Promise<number> {
    // A socket and a folder of its own for each run: nothing of the one before is taken for this
    // one's.
    const folder = await Deno.makeTempDir({ prefix: "failover-bench-" });
    const peer = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: 0 });
    const timer = setTimeout(() => close(peer), patienceMs);
    try {
      const { port: to } = peer.addr as Deno.NetAddr;
      const legion = `legion = bench 127.0.0.1:${port} 1 bf-cbc:secret1`;
      const file = `${folder}/lone.ini`;
      await Deno.writeTextFile(file, `[uwsgi]\n${legion}\nlegion-node = bench 127.0.0.1:${to}\n`);
      const args = ["node", "--config", file, "--name", "lone"];
      const begun = performance.now();
      await using node = new TestProcess({
        name: "lone",
        command: path,
        args,
        // The node must not meet one that really runs here.
        env: { ...env, RUNTIME_DIRECTORY: `${folder}/run` },
      });
      await peer.receive().catch(() => {
        throw new Error(`no announcement within ${patienceMs / 1000} s\n${node.lines.join("\n")}`);
      });
      return performance.now() - begun;
    } finally {
      clearTimeout(timer);
      close(peer);
      await Deno.remove(folder, { recursive: true });
    }
  }
}
