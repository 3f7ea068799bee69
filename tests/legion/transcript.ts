import type { HookEvent } from "../../lib/base/hook_event.ts";
import type { LegionOptions } from "../../lib/legion/options.ts";
import { legionOptions } from "./legion_options.ts";
import { addressOf, World } from "./world.ts";

/**
 * Plays a transcript and returns it with the answers as they came. A transcript is a text of
 * blocks: comment lines (`#`), command lines, a line `----`, and the answer to the commands. A blank
 * line ends a block. The commands are in the README beside the transcripts.
 */
export function play(transcript: string): string {
  const player = new Player();
  return transcript.trimEnd().split(/\n{2,}/).map((block) => {
    const [asked] = block.split(/^----$/m, 1);
    const commands = asked.trimEnd();
    const answer = commands.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
      .flatMap((line) => player.command(line));
    const answered = answer.length > 0 || commands.split("\n").some((l) => !l.startsWith("#"));
    return answered ? [commands, "----", ...answer].join("\n") : commands;
  }).join("\n\n") + "\n";
}

class Player {
  #lines: string[] = [];
  #world = new World((atMs, node, what) => this.#record(atMs, node, what));
  #watched = ["lord", "unlord", "death"];
  #legion: Record<string, string> = {};
  #nodes = new Map<string, Record<string, string>>();
  #starts = 0;

  command(line: string): string[] {
    const [verb, ...words] = line.split(/\s+/);
    this.#carryOut(verb, words);
    const lines = this.#lines;
    this.#lines = [];
    return lines;
  }

  #record(atMs: number, node: string, what: string): void {
    const event = /^(?:runs the )?(\S+) hooks/.exec(what)?.[1];
    if (event !== undefined && !this.#watched.includes(event)) return;
    const time = (atMs / 1000).toFixed(3).padStart(7);
    // What a uuid is padded with tells nothing.
    this.#lines.push(`${time} ${node} ${what.replace(/0{9,}/, "")}`);
  }

  #carryOut(verb: string, words: string[]): void {
    const [name, ...rest] = words;
    switch (verb) {
      case "legion":
        this.#legion = settings(words);
        return;
      case "node":
        this.#nodes.set(name, settings(rest));
        return;
      case "start":
        for (const each of words) this.#start(each);
        return;
      case "resume":
        this.#nodes.set(name, { ...this.#nodes.get(name), ...settings(rest) });
        return this.#start(name, { resumes: true });
      case "halt":
        return this.#world.halt(name);
      case "hooks":
        return this.#plan(name, rest);
      case "watch":
        this.#watched.push(...words);
        return;
      case "run":
        return this.#world.run(milliseconds(name));
      case "reload":
        return this.#reload(name, settings(rest));
      case "kill":
        return this.#world.kill(name);
      case "stop":
        return this.#world.stop(name);
      case "pause":
        return this.#world.pause(name, milliseconds(rest[0]));
      case "unfit":
        return this.#world.tell(name, [{ kind: "unfit", why: rest.join(" ") }]);
      case "drain":
        return this.#world.tell(name, [{ kind: "drained", why: "drained" }]);
      case "refuse":
        return this.#world.tell(name, [{ kind: "refused", why: rest.join(" ") }]);
      case "fit":
        return this.#world.tell(name, []);
      case "promote":
        return this.#world.promote(name);
      case "cut":
        return this.#cut(words);
      case "heal":
        return this.#world.healAll();
      case "show":
        for (const each of this.#world.names()) this.#show(each);
        return;
      default:
        throw new Error(`no such command: ${verb}`);
    }
  }

  #start(name: string, { resumes = false } = {}): void {
    const uwsgi = this.#nodes.get(name)?.as === "uwsgi";
    const options = this.#options(name);
    const asUwsgi = { lease: "off", failback: { kind: "immediate" } } as const;
    this.#world.start(uwsgi ? { ...options, ...asUwsgi } : options, { uwsgi, resumes });
  }

  #reload(name: string, changed: Record<string, string>): void {
    this.#nodes.set(name, { ...this.#nodes.get(name), ...changed });
    const { legion: _, name: __, pid: ___, newUuid: ____, ...options } = this.#options(name);
    this.#world.reconfigure(name, options);
  }

  #options(name: string): LegionOptions {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new Error(`no such node: ${name}`);
    const pid = ++this.#starts;
    const list = node.list?.split(",") ?? [...this.#nodes.keys()];
    let uuids = 0;
    return legionOptions({
      name,
      pid,
      valor: Number(node.valor),
      quorum: Number(node.quorum ?? this.#legion.quorum ?? 0),
      freqMs: milliseconds(this.#legion.freq ?? "1s"),
      toleranceMs: milliseconds(node.tolerance ?? this.#legion.tolerance ?? "3s"),
      lease: (node.lease ?? this.#legion.lease ?? "auto") as LegionOptions["lease"],
      releaseMs: milliseconds(this.#legion["release-time"] ?? "0s"),
      voters: list.map(addressOf).sort(),
      node: node.node === "unknown" ? undefined : addressOf(node.node ?? name),
      failback: failback(this.#legion.failback ?? "immediate"),
      flap: flap(this.#legion.flap ?? "3/600s"),
      deathOnLordErrorMs: milliseconds(this.#legion["death-on-lord-error"] ?? "0s"),
      // In the order of the names; each start and each return gives another.
      newUuid: () => `${name}-${pid}-${++uuids}`.padEnd(36, "0"),
    });
  }

  // hooks NODE EVENT ok|fail [TIME]
  #plan(name: string, [event, end, takes = "0s"]: string[]): void {
    if (end !== "ok" && end !== "fail") throw new Error(`hooks end ok or fail, not ${end}`);
    this.#world.plan(name, event as HookEvent, { ok: end === "ok", takesMs: milliseconds(takes) });
  }

  // cut A B (both ways), cut A > B (B no longer hears A)
  #cut(words: string[]): void {
    const [a, b] = words.filter((word) => word !== ">");
    this.#world.cut(a, b);
    if (!words.includes(">")) this.#world.cut(b, a);
  }

  #show(name: string): void {
    const view = this.#world.view(name);
    const { phase, lordship, candidate, votes, members } = view;
    const supported = [...members, { uuid: view.uuid, name }].find(({ uuid }) =>
      uuid === view.support
    );
    const support = view.support === undefined
      ? ""
      : `supports ${supported?.name ?? "one who left"}, `;
    const heard = members.map((member) => member.name).sort().join(" ");
    this.#lines.push(
      `${name}: ${phase}, lordship ${lordship}, votes for ${
        candidate?.name ?? "nobody"
      }, ${support}` +
        `${votes} votes, members: ${heard === "" ? "none" : heard}`,
    );
  }
}

function settings(words: string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => word.split("=")));
}

// immediate, manual, or delay:TIME
function failback(text: string): LegionOptions["failback"] {
  const [kind, time] = text.split(":");
  if (kind === "delay") return { kind, delayMs: milliseconds(time) };
  return { kind: kind === "manual" ? kind : "immediate" };
}

// COUNT/TIME
function flap(text: string): LegionOptions["flap"] {
  const [count, time] = text.split("/");
  return { count: Number(count), withinMs: milliseconds(time) };
}

function milliseconds(time: string): number {
  const match = /^([0-9.]+)(ms|s)$/.exec(time);
  if (match === null) throw new Error(`no such time: ${time}`);
  return Number(match[1]) * (match[2] === "s" ? 1000 : 1);
}
