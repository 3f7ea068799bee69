// The client of the drills, for use on the switch: writes a row through the failover address every
// 100 ms, and asks each server's Patroni every 50 ms whether it is the leader. Its argument is JSON,
// of the type ClientArgument. Each line that it prints is a Sight.
import { delay } from "@std/async/delay";
import { errorMessage } from "../../../lib/base/error_message.ts";
import { preciseTimeMs } from "../../lab/precise_time.ts";
import type { ClientArgument, Sight } from "./sights.ts";

const [writeMs, askMs] = [100, 50];
// The patience with an answer, in milliseconds; for psql in seconds.
const answerMs = 1_000;
const psqlSeconds = "1";

const { address, servers }: ClientArgument = JSON.parse(Deno.args[0]);
await Promise.all([writeOnAndOn(), ...servers.map(askOnAndOn)]);

async function writeOnAndOn() {
  for (;;) {
    // An attempt that hangs keeps no later one waiting.
    write().catch((error) => console.error(errorMessage(error)));
    await delay(writeMs);
  }
}

async function write() {
  const beganMs = preciseTimeMs();
  const sql = "insert into rows default values returning current_setting('data_directory')";
  const login = `host=${address} user=postgres dbname=postgres`;
  const { success, stdout } = await new Deno.Command("timeout", {
    args: [psqlSeconds, "psql", "-qAtX", login, "-c", sql],
    stderr: "null",
  }).output();
  if (!success) return;
  // The folder of its server is named by its index.
  const server = Number(/(\d+)\/postgres\/data\s*$/.exec(new TextDecoder().decode(stdout))?.[1]);
  tell({ kind: "wrote", server, beganMs, atMs: preciseTimeMs() });
}

async function askOnAndOn(host: string, server: number) {
  let was = false;
  for (;;) {
    const is = await isLeader(host);
    if (is !== was) tell({ kind: is ? "leader" : "no leader", server, atMs: preciseTimeMs() });
    was = is;
    await delay(askMs);
  }
}

async function isLeader(host: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(answerMs);
    const { ok, body } = await fetch(`http://${host}:8008/leader`, { signal });
    await body?.cancel();
    return ok;
  } catch {
    return false;
  }
}

function tell(sight: Sight) {
  console.log(JSON.stringify(sight));
}
