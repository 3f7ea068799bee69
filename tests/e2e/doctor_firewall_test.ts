// The firewall that failover doctor finds, of three servers in namespaces of their own.
import { assertEquals, assertMatch } from "@std/assert";
import type { Answer } from "../../lib/cli/doctor/answer.ts";
import { failover } from "../lab/failover.ts";
import { type Lan, makeLan } from "../lab/lan.ts";
import { canMakeNetworks } from "../lab/network.ts";
import { run } from "../lab/run.ts";
import { runCommand } from "../lab/run_command.ts";

const names = ["a", "b", "c"];
const isLord = /this node is the lord/;

/** Three nodes that run, each on its server. */
async function setUp(stack: AsyncDisposableStack) {
  const lan = stack.use(await makeLan(3));
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const text = (index: number) =>
    [
      "[uwsgi]",
      `legion = one ${lan.addresses[index]}:2000 ${20 - index} bf-cbc:secret1`,
      ...lan.addresses.filter((_, other) => other !== index)
        .map((address) => `legion-node = one ${address}:2000`),
      "legion-quorum = one 2",
      "legion-freq = 0.1",
      "legion-tolerance = 1",
      `stats = ${folder}/${names[index]}.sock`,
      "",
    ].join("\n");
  const nodes = [];
  for (const [index, name] of names.entries()) {
    const file = `${folder}/${name}.ini`;
    await Deno.writeTextFile(file, text(index), { mode: 0o600 });
    const args = ["node", "--config", file, "--name", name];
    const env = { RUNTIME_DIRECTORY: `${folder}/${name}` };
    nodes.push(stack.use(failover(name, args, { env, on: lan.on(index) })));
  }
  await nodes[0].line(isLord);
  return {
    lan,
    nodes,
    /** What the doctor at a server says of its firewall, and the commands. */
    async firewall(index: number): Promise<[all: string, remedies: string[]]> {
      const args = ["doctor", "--json", "--config", `${folder}/${names[index]}.ini`];
      const { out } = await run(args, { on: lan.on(index) });
      const { answers } = JSON.parse(out) as { answers: Answer[] };
      const own = answers.filter(({ what }) => what.startsWith("firewall"));
      const remedies = own.map(({ remedy }) => remedy).filter((remedy) => remedy !== "");
      return [own.map(({ sign, why }) => `${sign} ${why}`).join("\n"), remedies];
    },
  };
}

/** Makes the tables that rules of servers go into, and a rule that drops. */
async function block(lan: Lan, server: number, chain: "input" | "output", rule: string) {
  const nft = (...words: string[]) => runCommand([...lan.on(server), "nft", ...words]);
  await nft("add", "table", "inet", "filter");
  const hook = `{ type filter hook ${chain} priority 0; }`;
  await nft("add", "chain", "inet", "filter", chain, hook);
  await nft("add", "rule", "inet", "filter", chain, ...rule.split(" "), "drop");
}

/** Asks until an answer matches, for at most 20 s. */
async function until(ask: () => Promise<[string, string[]]>, pattern: RegExp): Promise<string[]> {
  const deadlineMs = performance.now() + 20_000;
  for (;;) {
    const [all, remedies] = await ask();
    if (pattern.test(all)) return remedies;
    if (performance.now() > deadlineMs) assertMatch(all, pattern);
  }
}

Deno.test({
  name: "doctor names the wire that is cut, and its command mends it",
  ignore: !canMakeNetworks,
  async fn() {
    await using stack = new AsyncDisposableStack();
    const { lan, firewall } = await setUp(stack);
    const [a, b, c] = lan.addresses;
    const mend = async (server: number, [remedy]: string[]) => {
      await runCommand([...lan.on(server), "sh", "-c", remedy]);
    };
    const allHear = /^ok .*: heard here, and this node is heard there$/;
    assertEquals(await until(() => firewall(0), allHear), []);

    // Nothing is let in at c.
    await block(lan, 2, "input", "udp dport 2000");
    const inbound = await until(
      () => firewall(2),
      /^wrong no other node is heard: nothing is let in/,
    );
    const rule = "nft insert rule inet filter input ip saddr";
    assertEquals(inbound, [[a, b].map((ip) => `${rule} ${ip} udp dport 2000 accept`).join(" && ")]);
    await until(
      () => firewall(0),
      /^wrong c \(\S+\) is heard and does not hear this node|^wrong c /,
    );
    await mend(2, inbound);
    await until(() => firewall(2), allHear);

    // Nothing of c is let out.
    await block(lan, 2, "output", "udp dport 2000");
    const outbound = await until(() => firewall(2), /is heard and hears nothing of this node/);
    assertEquals(outbound.length, 1);
    await mend(2, outbound);
    await until(() => firewall(2), allHear);

    // At a only c is not let in, and b hears it.
    await block(lan, 0, "input", `ip saddr ${c} udp dport 2000`);
    const one = await until(() => firewall(0), /^wrong c \(\S+\) is heard by others and not here/);
    assertEquals(one, [`${rule} ${c} udp dport 2000 accept`]);
    await mend(0, one);
    await until(() => firewall(0), allHear);
  },
});
