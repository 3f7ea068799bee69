import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { Boot } from "../../../lib/node/memory/boot.ts";
import type { Memory } from "../../../lib/node/memory/memory.ts";
import { MemoryLocked } from "../../../lib/node/memory/_lock.ts";
import { openMemory } from "../../../lib/node/memory/open_memory.ts";
import { HandClock } from "../../lab/hand_clock.ts";
import { runCommand } from "../../lab/run_command.ts";
import { bare, boot, notes } from "./notes.ts";

/** The folders of a node, and its processes one after the other. */
async function node() {
  const stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const directories = { runtime: `${folder}/run`, state: `${folder}/state` };
  const name = "one@1.1.1.1%3A2000";
  const lines: string[] = [];
  const clock = new HandClock();
  return {
    folder,
    directories,
    clock,
    lines,
    notesFile: `${directories.runtime}/${name}.notes`,
    stateFile: `${directories.state}/${name}.state`,
    lockFile: `${directories.runtime}/${name}.lock`,
    /** Begins the next process. */
    async open(changed: Partial<Boot> = {}, { toleranceMs = 3000, ...more } = {}) {
      lines.length = 0;
      const memory = await openMemory({
        legion: "one",
        address: "1.1.1.1:2000",
        directories,
        clock,
        toleranceMs,
        log: (level, message) => lines.push(`${level} ${message}`),
        boot: Promise.resolve(boot(changed)),
        ...more,
      });
      stack.defer(() => memory.close());
      return memory;
    },
    state: async () => JSON.parse(await Deno.readTextFile(`${directories.state}/${name}.state`)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

/** Makes it impossible to replace a file: a folder is in the place of the next one. */
async function block(file: string): Promise<void> {
  await Deno.mkdir(`${file}.new/more`, { recursive: true });
}

const forgotten = { kind: "forgotten", bindsMs: 0, quietMs: 0, crashed: false } as const;

/** Ends a process as a signal does that it cannot catch, but for its lock. */
const kill = (memory: Memory) => memory.close();

Deno.test("memory: the next process finds what the one before noted last, and only its user may read it", async () => {
  await using it = await node();
  const first = await it.open();
  assertEquals(first.past, forgotten);
  assertEquals([first.trouble, it.lines], [undefined, []]);
  assert(!await isThere(it.notesFile));
  first.note(notes({ seq: 1 }));
  first.note(notes({ seq: 2 }));
  for (const file of [it.notesFile, it.stateFile, it.lockFile]) {
    assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);
  }
  kill(first);
  const second = await it.open();
  assertEquals(second.past, { kind: "noted", notes: notes({ seq: 2 }) });
  assertEquals([second.trouble, it.lines], [undefined, []]);
});

Deno.test("memory: the service is kept with the notes, and never without", async () => {
  await using it = await node();
  const first = await it.open();
  const service = {
    checks: [
      { name: "web", kind: "tcp", state: "passing", sinceWallMs: 5, output: "open" } as const,
    ],
    drain: { by: "eve", sinceWallMs: 1, untilWallMs: 9_000, untilMs: 8_000 },
  };
  first.noteService(service);
  assert(!await isThere(it.notesFile));
  first.note(notes());
  kill(first);
  const second = await it.open();
  assertEquals(bare(second.service), service);
  // The notes come before the checks have ended again.
  second.note(notes());
  kill(second);
  const third = await it.open();
  assertEquals(bare(third.service), service);
  third.note(notes());
  third.noteService({ checks: [] });
  kill(third);
  assertEquals(bare((await it.open()).service), { checks: [] });
});

Deno.test("memory: notes that are taken back are gone", async () => {
  await using it = await node();
  const first = await it.open();
  first.note(notes());
  first.note(null);
  assert(!await isThere(it.notesFile));
  first.noteService({ checks: [] });
  assert(!await isThere(it.notesFile));
});

for (
  const [what, damage, reason] of [
    ["empty", "", /is not used: it is empty/],
    ["torn", '{"version":1,"boot":"boot-1","upt', /is not used: it is torn/],
    ["of another form", '{"version":2}', /is not used: it is of form 2, and this program knows/],
    ["without fields", '{"version":1}', /is not used: boot: it is no text/],
    ["a list", "[]", /is not used: it is no object/],
    ["not UTF-8", "\0", /is not used: it is damaged/],
    ["huge", "huge", /is not used: it is larger than 1 MiB/],
  ] as const
) {
  Deno.test(`memory: notes that are ${what} are told, removed, and taken for none`, async () => {
    await using it = await node();
    kill(await it.open());
    const bytes = new TextEncoder().encode(damage);
    if (damage === "\0") bytes[0] = 0xff;
    await Deno.writeFile(it.notesFile, damage === "huge" ? new Uint8Array(2 ** 20 + 1) : bytes);
    // Even where the state says that this boot is new.
    const second = await it.open({ id: "boot-2" });
    assertEquals(second.past, { ...forgotten, bindsMs: 3000 });
    assertEquals(it.lines.length, 1, it.lines.join("\n"));
    assertMatch(it.lines[0], reason);
    assert(!await isThere(it.notesFile));
    assertEquals(second.trouble, undefined);
  });
}

Deno.test("memory: notes of another boot are no news, and are removed", async () => {
  await using it = await node();
  const first = await it.open();
  first.note(notes({ end: "leave" }));
  kill(first);
  const second = await it.open({ id: "boot-2", uptimeSeconds: () => 8 });
  assertEquals(second.past, { ...forgotten, bindsMs: 3000, quietMs: 7000 });
  assertEquals(it.lines, []);
  assert(!await isThere(it.notesFile));
});

Deno.test("memory: a second process of the node is refused, and told which has the lock", async () => {
  await using it = await node();
  const first = await it.open();
  const error = await assertRejects(() => it.open(), MemoryLocked);
  assertMatch(error.message, new RegExp(`runs at this address already: process ${Deno.pid} holds`));
  assert(error.message.endsWith(it.lockFile), error.message);
  first.close();
  await it.open();
});

Deno.test("memory: a folder that is removed meanwhile is made again, with its lock", async () => {
  await using it = await node();
  const first = await it.open();
  first.note(notes({ seq: 1 }));
  await Deno.remove(it.directories.runtime, { recursive: true });
  first.note(notes({ seq: 2 }));
  assertEquals(it.lines, []);
  await assertRejects(() => it.open(), MemoryLocked);
  kill(first);
  const { past } = await it.open();
  assert(past.kind === "noted" && past.notes.seq === 2);
});

Deno.test("memory: where no folder is known, that is told once, and nothing is kept", async () => {
  await using it = await node();
  const memory = await it.open({}, { directories: {} } as Record<string, unknown>);
  assertEquals(memory.past, forgotten);
  memory.note(notes());
  assertEquals(it.lines, [
    "warn notes for a restart cannot be kept: there is no RUNTIME_DIRECTORY, and no XDG_RUNTIME_DIR",
    "warn the state for a reboot cannot be kept: there is no STATE_DIRECTORY, and no HOME",
  ]);
  assertMatch(memory.trouble!, /no XDG_RUNTIME_DIR; the state for a reboot/);
});

Deno.test("memory: without a boot id nothing can be noted", async () => {
  await using it = await node();
  const first = await it.open();
  first.note(notes());
  kill(first);
  const second = await it.open({ id: undefined });
  assertEquals(second.past, { ...forgotten, bindsMs: 3000, crashed: true });
  second.note(notes());
  assert(!await isThere(it.notesFile));
  assertMatch(second.trouble!, /the id of this boot cannot be read/);
});

Deno.test("memory: notes that cannot be written take the old ones with them, and are tried again", async () => {
  await using it = await node();
  const first = await it.open();
  first.note(notes({ seq: 1 }));
  await block(it.notesFile);
  first.note(notes({ seq: 2 }));
  assert(!await isThere(it.notesFile));
  assertMatch(first.trouble!, /^notes for a restart cannot be kept: /);
  it.clock.pass(3_600_000);
  assertEquals(it.lines.length, 1, it.lines.join("\n"));
  await Deno.remove(`${it.notesFile}.new`, { recursive: true });
  it.clock.pass(10_000);
  assertEquals(it.lines.slice(1), ["info notes for a restart can be kept again"]);
  assertEquals(first.trouble, undefined);
  kill(first);
  assertEquals(it.clock.alarms, 0);
  const { past } = await it.open();
  assert(past.kind === "noted" && past.notes.seq === 2);
});

Deno.test("memory: a trouble that comes and goes does not flood the log", async () => {
  await using it = await node();
  const first = await it.open();
  for (let n = 0; n < 60; n++) {
    await block(it.notesFile);
    first.note(notes({ seq: n }));
    await Deno.remove(`${it.notesFile}.new`, { recursive: true });
    it.clock.pass(10_000);
  }
  assertEquals(it.lines.length, 2, it.lines.join("\n"));
});

Deno.test("memory: a folder or file that others may write to is not used", async () => {
  await using it = await node();
  const first = await it.open();
  first.note(notes());
  kill(first);
  await Deno.chmod(it.notesFile, 0o666);
  assertEquals((await it.open()).past.kind, "forgotten");
  assertMatch(it.lines[0], /^warn \S+ is not used: others may write to \S+\.notes$/);
});

Deno.test("memory: in a folder that others may write to nothing is read, written or removed", async () => {
  await using it = await node();
  const first = await it.open();
  first.note(notes());
  kill(first);
  await Deno.chmod(it.directories.runtime, 0o777);
  const before = await Deno.readTextFile(it.notesFile);
  const second = await it.open();
  assertEquals(second.past, { ...forgotten, bindsMs: 3000, crashed: true });
  assertMatch(second.trouble!, /^notes for a restart cannot be kept: others may write to \S+run$/);
  second.note(notes({ seq: 5000 }));
  assertEquals(await Deno.readTextFile(it.notesFile), before);
  kill(second);
  // The notes there are older than the last ones.
  await Deno.chmod(it.directories.runtime, 0o755);
  assertEquals((await it.open()).past.kind, "forgotten");
  assertMatch(it.lines[0], /is not used: later notes could not be written/);
});

Deno.test({
  name: "memory: a folder of another user's is not used",
  ignore: Deno.uid() !== 0,
  async fn() {
    await using it = await node();
    const first = await it.open();
    first.note(notes());
    kill(first);
    for (const folder of Object.values(it.directories)) await Deno.chown(folder, 1, 1);
    const second = await it.open();
    assertEquals(second.past, forgotten);
    assertEquals(it.lines.length, 3, it.lines.join("\n"));
    for (const line of it.lines) assertMatch(line, /belongs to another user \(1\)|is outdated/);
  },
});

/** Whether a tmpfs can be mounted here. */
async function canMount(): Promise<boolean> {
  if (Deno.uid() !== 0 || Deno.build.os !== "linux") return false;
  const folder = await Deno.makeTempDir();
  try {
    await runCommand(["mount", "-t", "tmpfs", "tmpfs", folder]);
    await runCommand(["umount", folder]);
    return true;
  } catch {
    return false;
  } finally {
    await Deno.remove(folder);
  }
}

/** Mounts a disk as the runtime directory, and has it taken away at the end. */
async function withDisk(path: string): Promise<AsyncDisposable> {
  await Deno.mkdir(path);
  await runCommand(["mount", "-t", "tmpfs", "-o", "size=16k,mode=755", "tmpfs", path]);
  return {
    async [Symbol.asyncDispose]() {
      await runCommand(["umount", "--lazy", path]);
    },
  };
}

/** Makes a folder read-only until the end: by a second mount, since the first is in use. */
async function readOnly(path: string): Promise<AsyncDisposable> {
  await runCommand(["mount", "--bind", path, path]);
  await runCommand(["mount", "-o", "remount,bind,ro", path]);
  return {
    async [Symbol.asyncDispose]() {
      await runCommand(["umount", "--lazy", path]);
    },
  };
}

const ignore = !await canMount();

Deno.test({
  name: "memory: on a full disk the old notes are removed, and the node runs on",
  ignore,
  async fn() {
    await using it = await node();
    await using _ = await withDisk(it.directories.runtime);
    const first = await it.open();
    first.note(notes());
    const filled = Deno.writeFile(`${it.directories.runtime}/big`, new Uint8Array(65536));
    await assertRejects(() => filled);
    first.note(notes({ seq: 2, name: "w".repeat(5000) }));
    assertMatch(first.trouble!, /No space left on device/);
    assert(!await isThere(it.notesFile));
    kill(first);
    assertEquals((await it.open()).past, { ...forgotten, bindsMs: 3000, crashed: true });
  },
});

Deno.test({
  name: "memory: on a disk that turns read-only the old notes are marked as outdated",
  ignore,
  async fn() {
    await using it = await node();
    await using _ = await withDisk(it.directories.runtime);
    const first = await it.open();
    first.note(notes());
    const remembersNothing = async () => {
      const next = await it.open();
      assertEquals(next.past, { ...forgotten, bindsMs: 3000, crashed: true });
      kill(next);
    };
    {
      await using _ = await readOnly(it.directories.runtime);
      first.note(notes({ seq: 2 }));
      assertMatch(first.trouble!, /Read-only file system/);
      assert((await it.state()).stale);
      kill(first);
      await remembersNothing();
    }
    await remembersNothing();
    const last = await it.open();
    last.note(notes({ seq: 3 }));
    kill(last);
    assertEquals((await it.state()).stale, false);
    assertEquals((await it.open()).past.kind, "noted");
  },
});

Deno.test("state: a node that was listening when it ended leaves what was before", async () => {
  await using it = await node();
  const first = await it.open();
  kill(first);
  assertEquals((await it.state()).left, true);
  const second = await it.open();
  assertEquals((await it.state()).left, false);
  second.note(notes());
  kill(second);
  await Deno.remove(it.notesFile);
  const third = await it.open();
  assertEquals(third.past, { ...forgotten, bindsMs: 3000, crashed: true });
  kill(third);
  assertEquals((await it.state()).left, false);
});

Deno.test("state: after a leave and a reboot the node has not crashed, after a power failure it has", async () => {
  await using it = await node();
  const first = await it.open();
  first.note(notes());
  first.note(notes({ end: "leave" }));
  kill(first);
  const second = await it.open({ id: "boot-2" });
  assertEquals(second.past, { ...forgotten, bindsMs: 3000, quietMs: 99_000 });
  second.note(notes());
  kill(second);
  const third = await it.open({ id: "boot-3" });
  assertEquals(third.past, { ...forgotten, bindsMs: 3000, quietMs: 99_000, crashed: true });
});

Deno.test("state: the longest promise is known before it is noted, and forgotten once it has run out", async () => {
  await using it = await node();
  const first = await it.open({}, { toleranceMs: 1000 });
  assertEquals((await it.state()).bindsMs, 1000);
  first.note(notes({ support: { uuid: "b".repeat(36), seq: 7, binds: 9000, untilMs: 2500 } }));
  assertEquals((await it.state()).bindsMs, 9000);
  kill(first);
  await Deno.remove(it.notesFile);
  const second = await it.open({}, { toleranceMs: 1000 });
  assertEquals(second.past, { ...forgotten, bindsMs: 9000, crashed: true });
  assertEquals((await it.state()).bindsMs, 9000);
  second.note(notes({ support: undefined }));
  assertEquals((await it.state()).bindsMs, 1000);
});

Deno.test("state: one that is damaged is told, and begun anew", async () => {
  await using it = await node();
  kill(await it.open());
  await Deno.writeTextFile(it.stateFile, '{"version":1,"bindsMs":-1}');
  const second = await it.open({ id: "boot-2" });
  assertEquals(second.past, forgotten);
  assertEquals(it.lines.length, 1);
  assertMatch(it.lines[0], /^warn \S+\.state is not used: bindsMs: it is no whole number from 0$/);
  assertEquals((await it.state()).boot, "boot-2");
});

for (
  const [what, changed] of [
    ["in the same boot", {}],
    ["on another machine", { id: "boot-2", machine: "machine-2" }],
    ["on a machine that is not known", { id: "boot-2", machine: undefined }],
    ["in a boot that is not known", { id: undefined }],
    ["in a container", { id: "boot-2", mayBeContainer: () => Promise.resolve(true) }],
  ] as const
) {
  Deno.test(`state: ${what} a node without notes was not surely quiet`, async () => {
    await using it = await node();
    kill(await it.open());
    assertEquals((await it.open(changed)).past, { ...forgotten, bindsMs: 3000 });
  });
}

Deno.test("state: a node whose state cannot be kept was not surely quiet", async () => {
  await using it = await node();
  kill(await it.open());
  await block(it.stateFile);
  const second = await it.open({ id: "boot-2" });
  assertEquals(second.past, { ...forgotten, bindsMs: 3000 });
  assertMatch(second.trouble!, /^the state for a reboot cannot be kept: /);
  assertEquals(it.lines.length, 1);
});
