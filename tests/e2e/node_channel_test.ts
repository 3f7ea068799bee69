// A node under a supervisor that runs on Node.js, and hands on its channel for messages.
import { assertEquals } from "@std/assert";
import { spawn } from "node:child_process";
import { program } from "../lab/failover.ts";
import { freePorts } from "../lab/free_ports.ts";
import { withOwnFolders } from "../lab/own_folders.ts";

Deno.test("a channel that a supervisor hands on is closed, and the node runs on", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/one.ini`;
  const [port] = freePorts(1);
  await Deno.writeTextFile(file, `[uwsgi]\nlegion = one 127.0.0.1:${port} 10 bf-cbc:secret1\n`);
  const [command, ...args] = [...program.command, "node", "--config", file];
  const node = spawn(command, args, {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: { ...Deno.env.toObject(), ...withOwnFolders(), ...program.env },
  });
  const ended = new Promise<number | null>((resolve) => node.on("exit", resolve));
  const timer = setTimeout(() => node.kill("SIGKILL"), 20_000);
  try {
    await new Promise((resolve) => node.on("disconnect", resolve));
    let log = "";
    await new Promise<void>((resolve) => {
      node.stderr?.on("data", (said) => /: started as /.test(log += said) && resolve());
    });
    // Its own kill tells of an end by that signal, whatever the process does.
    Deno.kill(node.pid!, "SIGTERM");
    assertEquals(await ended, 0, log);
  } finally {
    clearTimeout(timer);
    node.kill("SIGKILL");
    await Deno.remove(folder, { recursive: true });
  }
});
