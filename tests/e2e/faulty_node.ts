// A node in which something fails that nothing handles: at SIGWINCH, in the way that the first
// argument names. The others are those of `failover`; with LEAVE_MS in its environment its hooks have
// so long to end when it leaves, and its farewell as long again.
import { main } from "../../lib/cli/main.ts";
import { readConfiguration } from "../../lib/node/configuration.ts";
import { createLog } from "../../lib/node/log.ts";
import { LineWriter } from "../../lib/node/line_writer.ts";
import { startNode } from "../../lib/node/node.ts";
import { runUntilEnd } from "../../lib/node/signals.ts";
import { Notifier } from "../../lib/node/systemd.ts";

const faults: Record<string, () => void> = {
  timer: () => setTimeout(nowhereHandled),
  promise: () => void Promise.reject(new Error("nobody handles this")),
  text: () => void Promise.reject("nobody handles this"),
  again: () => setInterval(nowhereHandled, 1),
};

function nowhereHandled() {
  throw new Error("nobody handles this");
}

const [fault, ...args] = Deno.args;
Deno.addSignalListener("SIGWINCH", faults[fault]);
const leaveMs = Number(Deno.env.get("LEAVE_MS") ?? 0);
Deno.exit(leaveMs === 0 ? await main(args) : await runQuickly(args[2]));

async function runQuickly(file: string): Promise<number> {
  const writer = new LineWriter(Deno.stderr);
  const log = createLog({ format: "text", level: "info", write: (line) => writer.write(line) });
  const manager = new Notifier({ env: () => undefined, pid: Deno.pid, warn: () => {} });
  const readConfig = () => readConfiguration(file);
  const start = () => startNode({ config: readConfig(), log, version: "", name: "a", manager });
  const limits = { hooksMs: leaveMs, farewellMs: leaveMs };
  const end = await runUntilEnd({ start, log, readConfig, limits });
  await writer.flush();
  return end === "stopped" ? 0 : 1;
}
