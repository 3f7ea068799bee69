// One configuration, as real uWSGI reads it and as this program does.
import { abortable } from "@std/async/abortable";
import { readConfiguration } from "../../../lib/node/configuration.ts";
import { systemSources } from "../../../lib/config/load.ts";
import type { LegionConfig } from "../../../lib/config/config.ts";
import { normalAddress } from "../../../lib/config/address.ts";
import { AccountGuard } from "../../../lib/move/account_guard.ts";
import { createCodec } from "../../../lib/node/codec.ts";
import { LegionHooks, type LegionHooksContext } from "../../../lib/node/legion_hooks.ts";
import { exchange } from "../../../lib/status/exchange.ts";
import { freePorts } from "../../lab/free_ports.ts";
import { TestProcess } from "../../lab/process.ts";
import { opensslConf } from "../../lab/uwsgi.ts";

/** A configuration, as its files. */
export interface Configuration {
  /** The construct that the configuration has. */
  readonly what: string;
  /**
   * The files by their names; `main.ini` is the one that is read. `DIR` stands for their folder,
   * `OWN` for the address of the node, `HEAR` for one at which the test listens, `PORT` and `PORT1`
   * for the ports of the node.
   */
  readonly files: Readonly<Record<string, string>>;
  /** The section behind the file's name; undefined: none. */
  readonly section?: string;
  /** Variables of the environment, besides the usual ones. */
  readonly env?: Readonly<Record<string, string>>;
  /** False where the node cannot be lord, for want of votes or as an arbiter. */
  readonly lord?: false;
  /** The reason why this program refuses the file, which uWSGI takes. */
  readonly refused?: RegExp;
  /** A warning that this program has about the file. */
  readonly warned?: RegExp;
  /** Whether it takes root. */
  readonly root?: true;
}

/** All that a program makes of a configuration. */
export interface Reading {
  readonly legion: string;
  readonly address: string;
  readonly valor: number;
  readonly quorum: number;
  readonly nodes: readonly string[];
  readonly scroll: string;
  readonly freqSeconds: number;
  readonly toleranceSeconds: number;
  /** The lines of the hooks that ran, each with its surroundings. */
  readonly hooks: readonly string[];
}

/** A script for hooks: one line with the event and the surroundings that the hook runs in. */
const say = `echo "$1 $2 dir=$(pwd) umask=$(umask) user=$(id -u):$(id -g):$(id -G)" \\
  "A=\${A-unset} B=\${B-unset} HOME=\${HOME-unset}" >> "$(dirname "$0")/said"
`;

const events = ["setup", "join", "lord"] as const;

/** Both programs' readings of a configuration; ours in words where it is refused. */
export async function bothReadings(configuration: Configuration) {
  const ports = freePorts(3);
  await using theirs = await folderOf(configuration, ports);
  const { reading, datagram } = await uwsgiReading(configuration, theirs.folder, ports[1]);
  await using ours = await folderOf(configuration, ports);
  const read = await ourReading(configuration, ours.folder, datagram);
  return { uwsgi: reading, ...read };
}

async function folderOf({ files }: Configuration, [own, hear, other]: number[]) {
  const folder = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o777);
  await Deno.writeTextFile(`${folder}/said`, "");
  await Deno.chmod(`${folder}/said`, 0o666);
  for (const [name, text] of Object.entries({ ...files, say })) {
    const path = `${folder}/${name}`;
    await Deno.mkdir(path.replace(/\/[^/]*$/, ""), { recursive: true });
    const whole = text.replaceAll("DIR", folder).replaceAll("OWN", `127.0.0.1:${own}`)
      .replaceAll("HEAR", `127.0.0.1:${hear}`)
      .replaceAll("PORT1", `${other}`).replaceAll("PORT", `${own}`);
    await Deno.writeTextFile(path, whole);
  }
  return { folder, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

async function uwsgiReading(
  { section, env = {}, lord, what }: Configuration,
  folder: string,
  hear: number,
) {
  const conf = `${folder}/openssl.cnf`;
  await Deno.writeTextFile(conf, opensslConf);
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "127.0.0.1", port: hear });
  const name = `main.ini${section === undefined ? "" : `:${section}`}`;
  const args = ["--show-config", "--master", "--ini", name, "--stats", `${folder}/stats.socket`];
  try {
    await using uwsgi = new TestProcess({
      name: what,
      command: "env",
      args: ["-C", folder, "uwsgi", ...args],
      env: { ...env, OPENSSL_CONF: conf },
    });
    const late = AbortSignal.timeout(20_000);
    const [datagram] = await abortable(socket.receive(), late);
    await uwsgi.line(/Stats server enabled/);
    await said(folder, lord === false ? "setup" : "lord", late, what);
    const { legions: [stats] } = JSON.parse(
      await exchange({ path: `${folder}/stats.socket` }, "", 5_000),
    );
    const shown = (option: string) =>
      uwsgi.lines.flatMap((line) => line.startsWith(`${option} = `) ? [line] : []).at(-1)
        ?.replace(/^.*? = /, "");
    const number = (option: string, usual: number) => parseInt(shown(option) ?? "") || usual;
    const hooks = await hooksSaid(folder);
    uwsgi.signal("SIGINT");
    await uwsgi.status();
    return {
      datagram,
      reading: {
        legion: stats.legion,
        address: stats.addr,
        valor: stats.valor,
        quorum: stats.quorum,
        nodes: [...stats.nodes].sort(),
        freqSeconds: number("legion-freq", 3),
        toleranceSeconds: number("legion-tolerance", 15),
        hooks,
      },
    };
  } finally {
    socket.close();
  }
}

/** Waits until the hooks of an event have said so. */
async function said(folder: string, event: string, late: AbortSignal, what: string) {
  const watcher = Deno.watchFs(`${folder}/said`);
  const close = () => watcher.close();
  late.addEventListener("abort", close);
  try {
    if (await hasSaid(folder, event)) return;
    for await (const _ of watcher) if (await hasSaid(folder, event)) return;
    throw new Error(`${what}: no hook of ${event} has run`);
  } finally {
    late.removeEventListener("abort", close);
    if (!late.aborted) watcher.close();
  }
}

async function hasSaid(folder: string, event: string): Promise<boolean> {
  return (await Deno.readTextFile(`${folder}/said`)).includes(`${event} end`);
}

/** The lines of the hooks, without the folder's name and the lines that end an event. */
async function hooksSaid(folder: string): Promise<string[]> {
  const text = await Deno.readTextFile(`${folder}/said`);
  return text.replaceAll(folder, "DIR").split("\n").filter((line) => line !== "");
}

async function ourReading(
  { section, env = {}, lord }: Configuration,
  folder: string,
  datagram: Uint8Array,
): Promise<{ ours?: Reading; scroll?: string; refusal?: string; warnings: readonly string[] }> {
  let config: ReturnType<typeof readConfiguration>;
  const before = Deno.cwd();
  Deno.chdir(folder);
  try {
    const name = `main.ini${section === undefined ? "" : `:${section}`}`;
    config = readConfiguration(name, {
      ...systemSources,
      env: (name) => env[name] ?? Deno.env.get(name),
    });
  } catch (error) {
    return { refusal: (error as Error).message, warnings: [] };
  } finally {
    Deno.chdir(before);
  }
  const { legions: [legion], warnings } = config;
  const codec = await createCodec(legion);
  const heard = codec.read(datagram);
  // uWSGI was started in the folder.
  const inFolder = { ...legion, chdir: legion.chdir ?? folder };
  await runHooksOf(inFolder, lord === false ? ["setup"] : events);
  return {
    warnings,
    scroll: heard.scroll,
    ours: {
      legion: legion.name,
      address: normalAddress(legion.address),
      valor: legion.valor,
      quorum: legion.quorum,
      nodes: legion.nodes.map(normalAddress).sort(),
      scroll: legion.scroll,
      freqSeconds: legion.freqMs / 1000,
      toleranceSeconds: legion.toleranceMs / 1000,
      hooks: await hooksSaid(folder),
    },
  };
}

async function runHooksOf(config: LegionConfig, wanted: readonly string[]): Promise<void> {
  for (const event of wanted) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const hooks = new LegionHooks({
      config: () => config,
      record: { hookBegins() {}, hookEnded() {}, hookGone() {}, noneRuns() {} },
      care: { tellRefused() {} },
      upkeep: { begins() {}, ended() {}, giveUp() {} },
      guard: new AccountGuard(),
      resumed: undefined,
      recheck() {},
      log() {},
      output() {},
      ended: () => resolve(),
    } as unknown as LegionHooksContext);
    hooks.keepOnly(config.hooks);
    hooks.run(
      {
        type: "runHooks",
        call: { event, node: "", resumed: false },
        lord: "",
        stopOnError: false,
      } as unknown as Parameters<LegionHooks["run"]>[0],
    );
    await promise;
    await hooks.ended;
  }
}
