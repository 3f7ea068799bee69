// The firewall rule that init prints, on a server whose nftables has none yet.
import { assertEquals } from "@std/assert";
import { TestProcess } from "../lab/process.ts";
import { resultOf } from "../lab/compile.ts";
import { canMakeNetworks, makeNetwork } from "../lab/network.ts";
import { run } from "../lab/run.ts";

/** Runs a script of Deno's on one of the hosts. */
function script(on: string[], text: string): TestProcess {
  const args = [...on.slice(1), Deno.execPath(), "eval", "--unstable-net", text];
  return new TestProcess({ name: "script", command: on[0], args });
}

/** The commands that init prints on the host with the first address. */
async function rules(addresses: readonly string[]): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/failover.password`, "BAR", { mode: 0o600 });
  const nodes = ["--addresses", addresses.join(","), "--me", addresses[0]];
  const robot = ["--ip", "4.4.4.4", "--active-ip", "1.1.1.1", "--user", "FOO"];
  const { out } = await run(["init", ...nodes, ...robot, "--config", `${folder}/failover.ini`]);
  await Deno.remove(folder, { recursive: true });
  return [...out.replaceAll(/ \\\n +/g, " ").matchAll(/^ +(nft .*)$/gm)].map(([, command]) =>
    command
  );
}

Deno.test({
  name: "the firewall rule that init prints lets the nodes through, and nobody else",
  ignore: !canMakeNetworks,
  async fn() {
    await using network = await makeNetwork();
    const [here, there] = network.addresses;
    const stranger = "10.77.0.9";
    await network.addAddress(1, `${stranger}/32`);
    const commands = await rules([here, there]);
    // A second time: the server has a table and a chain of that name by then.
    for (const command of [...commands, ...commands]) {
      const [ip, ...args] = [...network.on(0), "sh", "-c", command];
      const { code, err } = await resultOf(ip, args);
      assertEquals([code, err], [0, ""], command);
    }
    await using listener = script(
      network.on(0),
      `const socket = Deno.listenDatagram({ transport: "udp", hostname: "${here}", port: 2000 });
      console.log("listens");
      for await (const [, { hostname }] of socket) console.log("from", hostname);`,
    );
    await listener.line(/^listens$/);
    await using sender = script(
      network.on(1),
      `for (const hostname of ["${stranger}", "${there}"]) {
        const socket = Deno.listenDatagram({ transport: "udp", hostname, port: 2000 });
        const to = { transport: "udp", hostname: "${here}", port: 2000 };
        await socket.send(new Uint8Array(1), to);
        socket.close();
      }`,
    );
    assertEquals(await sender.status(), 0, sender.lines.join("\n"));
    await listener.line(/^from/);
    assertEquals(listener.lines, ["listens", `from ${there}`]);
  },
});
