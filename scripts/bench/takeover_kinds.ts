import type { KnownCommand } from "../../tests/lab/missing.ts";
import { legionPort } from "../../tests/e2e/faults/stage.ts";
import { account, failoverAddress } from "../../tests/lab/robot_process.ts";
import { startUwsgi } from "../../tests/lab/uwsgi.ts";
import { TestProcess } from "../../tests/lab/process.ts";
import { runCommand } from "../../tests/lab/run_command.ts";
import { supervised } from "../../tests/lab/start_again.ts";
import type { Contender } from "./section.ts";
import type { Scene } from "./takeover_scene.ts";

/** The timing that nodes are set to. */
export interface Timing {
  /** The time between two announcements, in seconds. */
  readonly freqSeconds: number;
  /** The silence after which a node counts as gone, in seconds. */
  readonly toleranceSeconds: number;
}

/** A kind of node that is measured. */
export interface Kind {
  /** The program. */
  readonly contender: Contender;
  /** The commands that must be installed. */
  readonly needs: readonly KnownCommand[];
  /** The line of its log that says it has become lord. */
  readonly lord: RegExp;
  /** Starts a node on a server; the first server has the highest rank. */
  readonly start: (scene: Scene, server: number, timing: Timing) => Promise<TestProcess>;
  /** Has a node's process end, as for an upgrade: its supervisor starts the next. */
  readonly restart: (scene: Scene, server: number, process: TestProcess) => Promise<void> | void;
}

/** The path of the status socket of a server's node. */
export function statsPath({ folder }: Scene, server: number): string {
  return `${folder}/${server}.sock`;
}

/** A node of failover, with the action hetzner-failoverip. */
export const failover: Kind = {
  contender: "failover",
  needs: [],
  lord: /this node is the lord/,
  async start(scene, server, timing) {
    const { lan, memories, robot, executable, ca } = scene;
    const file = fileOf(scene, server);
    const { username, password } = account;
    const takeover = `username=${username},password=${password},ip=${failoverAddress},` +
      `active_ip=${lan.addresses[server]},url=${robot.url},ca=${ca}`;
    const text = [
      "[uwsgi]",
      ...legionOptions(scene, server, timing),
      "legion-lease = bench on",
      `legion-lord = bench hetzner-failoverip:${takeover}\n`,
    ].join("\n");
    await Deno.writeTextFile(file, text, { mode: 0o600 });
    const name = nameOf(server);
    const path = await executable.path();
    const { on, env } = memories[server];
    const [command, ...args] = [...on, path, "node", "--config", file, "--name", name];
    return new TestProcess({
      name,
      command,
      args,
      env: { ...executable.env, ...supervised, ...env },
    });
  },
  async restart(scene, server) {
    const { lan, memories, executable } = scene;
    const { RUNTIME_DIRECTORY } = memories[server].env;
    const env = Object.entries({ ...executable.env, RUNTIME_DIRECTORY })
      .map(([name, value]) => `${name}=${value}`);
    const command = [await executable.path(), "restart", "--config", fileOf(scene, server)];
    await runCommand([...lan.on(server), "env", ...env, ...command]);
  },
};

/** A node of uWSGI that asks the Robot by curl. */
export const uwsgi: Kind = {
  contender: "uwsgi",
  needs: ["uwsgi", "curl"],
  lord: /i am now the Lord of the Legion/,
  async start(scene, server, timing) {
    const options = [
      ...legionOptions(scene, server, timing),
      // Without this option SIGTERM is a reload.
      "die-on-term = true",
      `legion-lord = bench cmd:${curl(scene, server)}\n`,
    ];
    return await startUwsgi(
      scene.folder,
      nameOf(server),
      options.join("\n"),
      scene.memories[server].on,
    );
  },
  restart: (_scene, _server, process) => process.signal("SIGTERM"),
};

/** A node of keepalived that asks the Robot by curl. */
export const keepalived: Kind = {
  contender: "keepalived",
  needs: ["keepalived", "curl"],
  lord: /Entering MASTER STATE/,
  async start(scene, server, { freqSeconds }) {
    const { lan: { addresses }, memories, folder } = scene;
    // A fresh folder: leftovers of a killed keepalived would keep the next from starting.
    const base = await Deno.makeTempDir({ dir: folder });
    const script = `${base}/ask.sh`;
    await Deno.writeTextFile(script, `#!/bin/sh\nexec ${curl(scene, server)}\n`);
    await Deno.chmod(script, 0o755);
    const own = addresses[server];
    const text = `global_defs {
  vrrp_version 3
  script_user root
}
vrrp_instance bench {
  state ${server === 0 ? "MASTER" : "BACKUP"}
  interface wire
  virtual_router_id 51
  priority ${200 - 50 * server}
  advert_int ${freqSeconds}
  unicast_src_ip ${own}
  unicast_peer {
    ${addresses.filter((address) => address !== own).join("\n    ")}
  }
  virtual_ipaddress {
    ${failoverAddress}/32 dev lo
  }
  notify_master ${script}
}
`;
    const file = `${base}/keepalived.conf`;
    await Deno.writeTextFile(file, text, { mode: 0o600 });
    const line = ["keepalived", "--dont-fork", "--log-console", "--vrrp", "--use-file", file];
    const ids = ["--pid", `${base}/keepalived.pid`, "--vrrp_pid", `${base}/vrrp.pid`];
    const [command, ...args] = [...memories[server].on, ...line, ...ids];
    return new TestProcess({ name: nameOf(server), command, args });
  },
  restart: (_scene, _server, process) => process.signal("SIGTERM"),
};

function fileOf({ folder }: Scene, server: number): string {
  return `${folder}/${server}.ini`;
}

function nameOf(server: number): string {
  return `server-${server + 1}`;
}

function legionOptions(scene: Scene, server: number, timing: Timing): string[] {
  const { addresses } = scene.lan;
  const own = addresses[server];
  return [
    `legion = bench ${own}:${legionPort} ${30 - server} bf-cbc:secret1`,
    ...addresses.filter((address) => address !== own)
      .map((address) => `legion-node = bench ${address}:${legionPort}`),
    "legion-quorum = bench 2",
    `legion-freq = ${timing.freqSeconds}`,
    `legion-tolerance = ${timing.toleranceSeconds}`,
    `stats = ${statsPath(scene, server)}`,
  ];
}

function curl({ lan, robot, ca }: Scene, server: number): string {
  const { username, password } = account;
  return `curl --silent --show-error --cacert ${ca} --user ${username}:${password} ` +
    `--data active_server_ip=${lan.addresses[server]} ${robot.url}`;
}
