// README's way from the package to a lord, as it stands there: on three servers that systemd runs.
import { assert, assertEquals, assertMatch } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { makePackage } from "../lab/package.ts";
import { account, failoverAddress } from "../lab/robot_process.ts";
import { canRentServers, rentedAddresses, rentServers } from "../lab/rented_servers.ts";
import { runCommand } from "../lab/run_command.ts";
import type { SystemdMachine } from "../lab/systemd_machine.ts";
import { converseIn } from "../lab/terminal.ts";

const places = ["at home", "on each server", "on the first server"] as const;

/** A command of README, and the place where it is typed. */
interface Typed {
  readonly place: (typeof places)[number];
  readonly command: string;
}

/** The commands of a block, each at the place that the comment above it begins with. */
function typedIn(block: string): Typed[] {
  let place: Typed["place"] | undefined;
  return block.split("\n").flatMap((line) => {
    if (line === "") return [];
    if (!line.startsWith("#")) {
      assert(place !== undefined, `where is this typed? ${line}`);
      return [{ place, command: line }];
    }
    place = places.find((place) => line.startsWith(`# ${place}`));
    assert(place !== undefined, `this names no place: ${line}`);
    return [];
  });
}

/** The commands of a block with comments behind them. */
function commandsIn(block: string): string[] {
  return block.split("\n").map((line) => line.replace(/ +#.*/, "")).filter((line) => line !== "");
}

/** Reads a document, each command in one line and without the spaces before it. */
async function documentText(path: string): Promise<string> {
  const text = await Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
  return text.replaceAll(/^ +/gm, "").replaceAll(" \\\n", " ");
}

/** The block of commands that has these words. */
function blockWith(text: string, words: string): string {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block);
  const block = blocks.find((block) => block.includes(words));
  assert(block !== undefined, `there is no block with "${words}"`);
  return block;
}

/** Repeats a command on a machine until it succeeds; an error after a minute. */
function until(machine: SystemdMachine, command: string): Promise<string> {
  const script = `until ${command} > /tmp/said; do sleep 0.2; done; cat /tmp/said`;
  return machine.run("timeout", "60", "sh", "-c", script).catch(async (error) => {
    throw new Error(await machine.run("sh", "-c", `${command}; true`), { cause: error });
  });
}

Deno.test("README and the chapter have the same commands, and the package's right name", async () => {
  const [readme, start] = await Promise.all(
    ["README.md", "lib/manual/start.md"].map(documentText),
  );
  const chapter = [...start.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => {
    return commandsIn(block);
  });
  const missing = typedIn(blockWith(readme, "task deb")).map(({ command }) => command)
    .filter((command) => !chapter.includes(command));
  assertEquals(missing, []);
  const names = [...`${readme}${start}`.matchAll(/failover_[\w.]+?\.deb/g)].map(([name]) => name);
  assertEquals([...new Set(names)], [`failover_${denoJson.version}_amd64.deb`]);
});

Deno.test({
  name: "three servers from the package to a lord by README's commands, a trial, and a crash",
  ignore: !canRentServers,
  async fn() {
    const [readme, start] = await Promise.all(
      ["README.md", "lib/manual/start.md"].map(documentText),
    );
    const architecture = await runCommand(["dpkg", "--print-architecture"]);
    const typed = typedIn(blockWith(readme, "task deb").replaceAll("amd64", architecture));
    await using rented = await rentServers();
    const { machines, robot, home } = rented;
    const [first, second] = machines;
    const shell = (machine: SystemdMachine, command: string) => machine.run("sh", "-euc", command);
    let init = "";

    for (const { place, command } of typed) {
      if (command.endsWith(" task deb")) {
        await Deno.mkdir(`${home}/dist`);
        await makePackage(`${home}/dist/failover_${denoJson.version}_${architecture}.deb`);
      } else if (place === "at home") {
        await rented.atHome(command);
      } else if (command.startsWith("failover init")) {
        assertEquals(place, "on the first server");
        const turns = [
          [/password of FOO[^]*Password: */, `${account.password}\n`],
          [/this server +1\.1\.1\.1:2000[^]*Write this.*: /, "\n"],
        ] as const;
        const { code, shown } = await converseIn(command, turns, { on: first.on });
        assertEquals(code, 0, shown);
        init = shown.replaceAll(/^ +/gm, "").replaceAll(" \\\n", " ");
        const others = init.split("\n").filter((line) => /^(scp|ssh) /.test(line));
        assertEquals(others.length, 4, shown);
        for (const line of others) await shell(first, line);
      } else if (command === "failover doctor") {
        await Promise.all(machines.map((machine) => until(machine, command)));
      } else {
        // In root's home, where a login begins.
        await Promise.all(machines.map((machine) => shell(machine, `cd /root; ${command}`)));
      }
    }
    const afterInit = typed.slice(typed.findIndex(({ command }) => command.includes(" init ")) + 1)
      .map(({ command }) => command);
    const [, next] = init.split("\nNext:\n");
    const told = next.split("\n").filter((line) => /^(ip|nft|systemctl|failover) /.test(line));
    assertEquals(told, afterInit);

    await Promise.all(machines.map((machine) => until(machine, "failover status --check")));
    assertEquals(robot.activeServerIp, rentedAddresses[0]);
    for (const command of commandsIn(blockWith(readme, "failover status --watch"))) {
      // Ctrl-C.
      const isEndless = command.endsWith("--watch");
      const said = await shell(first, isEndless ? `timeout 1 ${command} || [ $? = 124 ]` : command);
      if (/status$/.test(command)) assertMatch(said, /this node is the lord[^]*guarantee lease/);
      if (/lord$/.test(command)) assertMatch(said, /server-1/);
    }

    for (const command of commandsIn(blockWith(start, "systemctl stop failover"))) {
      const before = robot.asked.length;
      await shell(first, command);
      const lord = command.includes("stop") ? second : first;
      await until(lord, "failover lord");
      assertEquals(robot.activeServerIp, rentedAddresses[machines.indexOf(lord)]);
      assertEquals(robot.asked.length - before, command === "failover restart" ? 0 : 1);
    }

    await first[Symbol.asyncDispose]();
    await until(second, "failover lord");
    assertEquals(robot.activeServerIp, rentedAddresses[1]);
    assertMatch(await shell(second, "failover status"), RegExp(`${failoverAddress} points to 2`));
  },
});
