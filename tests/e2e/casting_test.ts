// Unicast, multicast and broadcast between two hosts, ours with ours and ours with uWSGI.
import { assertEquals } from "@std/assert";
import { failover } from "../lab/failover.ts";
import { hasUwsgi, startUwsgi, uwsgiSays } from "../lab/uwsgi.ts";
import { run } from "../lab/run.ts";
import { runCommand } from "../lab/run_command.ts";
import { canMakeNetworks, makeNetwork, type Network } from "../lab/network.ts";

if (!canMakeNetworks) {
  console.log("casting_test: skipped, network namespaces need root and iproute2");
}

type Host = 0 | 1;

// uWSGI wants a legion before its nodes.
const legions: Record<string, (network: Network, host: Host, rank: string) => string> = {
  unicast: ({ addresses }, host, rank) =>
    `legion = test ${addresses[host]}:2000 ${rank}\nlegion-node = test ${addresses[1 - host]}:2000`,
  multicast: (_network, _host, rank) => `legion-mcast = test 239.7.7.7:2000 ${rank}`,
  broadcast: (_network, _host, rank) => `legion-mcast = test 255.255.255.255:2000 ${rank}`,
};

for (const [casting, legion] of Object.entries(legions)) {
  const options = (network: Network, host: Host, valor: number) =>
    `${legion(network, host, `${valor} aes-128-cbc:secret1`)}\n` +
    "legion-quorum = test 2\nlegion-freq = 1\nlegion-tolerance = 3\n";

  const startOurs = async (network: Network, folder: string, host: Host, valor: number) => {
    const file = `${folder}/${host}.ini`;
    await Deno.writeTextFile(file, `[uwsgi]\n${options(network, host, valor)}`);
    return failover(`host-${host}`, ["node", "--config", file], { on: network.on(host) });
  };

  Deno.test({
    name: `two hosts of ours, ${casting}`,
    ignore: !canMakeNetworks,
    fn: () =>
      withNetwork(async (network, folder) => {
        await using first = await startOurs(network, folder, 0, 20);
        await using second = await startOurs(network, folder, 1, 10);
        await first.line(/this node is the lord/);
        await second.line(/is elected/);
        await first.end("SIGTERM");
        await second.line(/ left /);
      }),
  });

  Deno.test({
    name: `a host of ours and one of uWSGI's, ${casting}`,
    ignore: !canMakeNetworks || !hasUwsgi,
    fn: () =>
      withNetwork(async (network, folder) => {
        const theirOptions = options(network, 0, 10);
        await using theirs = await startUwsgi(folder, "theirs", theirOptions, network.on(0));
        await using ours = await startOurs(network, folder, 1, 20);
        await ours.line(/this node is the lord/);
        await theirs.line(uwsgiSays.elected);
        await ours.end("SIGTERM");
      }),
  });
}

Deno.test({
  name: "two hosts by link-local addresses, each with its interface, have heard each other",
  ignore: !canMakeNetworks,
  fn: () =>
    withNetwork(async (network, folder) => {
      const start = async (host: Host) => {
        const own = `fe80::77:${host + 1}`;
        const args = ["ip", "address", "add", `${own}/64`, "dev", "wire", "nodad"];
        await runCommand([...network.on(host), ...args]);
        const file = `${folder}/${host}.ini`;
        await Deno.writeTextFile(
          file,
          `[uwsgi]
legion = test [${own}%%wire]:2000 ${20 - host} aes-128-cbc:secret1
legion-node = test [FE80:0::77:${2 - host}%%wire]:2000
legion-quorum = test 2
legion-lease = test on
legion-freq = 0.5
legion-tolerance = 2
stats = ${folder}/${host}.stats
`,
        );
        return failover(`host-${host}`, ["node", "--config", file], { on: network.on(host) });
      };
      await using first = await start(0);
      await using second = await start(1);
      await first.line(/this node is the lord/);
      await second.line(/is elected/);
      for (const host of [0, 1]) {
        const { out } = await run(["status", "--stats", `${folder}/${host}.stats`, "--json"]);
        const [{ never_heard, members: [member] }] = JSON.parse(out).legions;
        assertEquals([never_heard, member.address], [[], `[fe80::77:${2 - host}]:2000`]);
      }
    }),
});

for (const group of ["239.7.7.7:2000", "[ff05::7]:2000"]) {
  const start = async (network: Network, folder: string, host: Host) => {
    const file = `${folder}/${host}.ini`;
    const legion = `legion-mcast = test ${group} ${20 - host} aes-128-cbc:secret1`;
    const pace = "legion-quorum = test 2\nlegion-freq = 0.5\nlegion-tolerance = 2\n";
    await Deno.writeTextFile(file, `[uwsgi]\n${legion}\n${pace}`);
    return failover(`host-${host}`, ["node", "--config", file], { on: network.on(host) });
  };

  Deno.test({
    name: `a group is heard again once its interface is back: ${group}`,
    ignore: !canMakeNetworks,
    fn: () =>
      withNetwork(async (network, folder) => {
        await using first = await start(network, folder, 0);
        await using second = await start(network, folder, 1);
        await second.line(/ joined from /);
        const lord = await first.line(/this node is the lord/);
        await network.removeWire();
        const alone = await second.line(/was silent for/);
        await first.line(/was silent for/, lord);
        await network.layWire();
        await Promise.all([first.line(/is heard again/, lord), second.line(/is heard again/)]);
        await second.line(/ joined from /, alone);
        await first.line(/this node is the lord/, lord);
      }),
  });

  Deno.test({
    name: `a node waits for an interface that leads to its group: ${group}`,
    ignore: !canMakeNetworks,
    fn: () =>
      withNetwork(async (network, folder) => {
        await network.removeWire();
        await using first = await start(network, folder, 0);
        await first.line(/cannot listen on .* its interface is not on this machine/);
        await network.layWire();
        await first.line(/listens on /);
        await using second = await start(network, folder, 1);
        await Promise.all([first.line(/ joined from /), second.line(/ joined from /)]);
        await first.line(/this node is the lord/);
      }),
  });
}

async function withNetwork(use: (network: Network, folder: string) => Promise<void>) {
  await using network = await makeNetwork();
  const folder = await Deno.makeTempDir();
  try {
    await use(network, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
