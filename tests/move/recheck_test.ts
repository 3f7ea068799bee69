// A takeover whose node was stopped while it connected: nothing is sent when it goes on.
import { assertEquals, assertRejects } from "@std/assert";
import { floatingIpProvider } from "../../lib/hcloud/floating.ts";
import { moveAddress } from "../../lib/move/move_address.ts";
import type { Provider } from "../../lib/move/provider.ts";
import { robotProvider } from "../../lib/robot/provider.ts";
import { settingsFor } from "../hcloud/_setup.ts";
import { addressOf } from "../http_api/_setup.ts";
import { startApi } from "../lab/any_api.ts";
import { startCloud } from "../lab/cloud.ts";
import { accessTo, startRobot } from "../robot/_setup.ts";

/** Moves an address whose first request is wanted no more once its connection is there. */
async function stoppedAtFirst(provider: Provider, to: string): Promise<void> {
  const abort = new AbortController();
  let asked = 0;
  const recheck = () => {
    // The first time is before the connection is made.
    if (++asked === 2) abort.abort(new Error("no longer lord"));
  };
  const run = { signal: abort.signal, recheck };
  await assertRejects(() => moveAddress(provider, to, run), Error, "no longer lord");
  assertEquals(asked, 2);
}

Deno.test("Robot: a switch that is wanted no more once it could be sent is not sent", async () => {
  await using robot = await startRobot();
  const { activeServerIp, ...access } = accessTo(robot);
  await stoppedAtFirst(robotProvider({ ...access, deadlineMs: 10_000 }), activeServerIp);
  assertEquals(robot.requests, []);
});

Deno.test("Cloud: a switch that is wanted no more once it could be sent is not sent", async () => {
  await using cloud = await startCloud();
  const settings = settingsFor(cloud);
  await stoppedAtFirst(floatingIpProvider(settings), settings.server);
  assertEquals(cloud.count(), 0);
});

Deno.test("http: a switch that is wanted no more once it could be sent is not sent", async () => {
  await using api = startApi(() => new Response(null, { status: 204 }));
  const section = `ip = 192.0.2.1\nhere = web1\nurl = ${api.url}/move\n`;
  await stoppedAtFirst(addressOf(section), "web1");
  assertEquals(api.asked(), []);
});
