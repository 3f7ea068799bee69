import { type NotedConfig, type NotedPromise, type Notes, shifted } from "../../legion/notes.ts";
import type { Doubles } from "../../legion/configs_heard.ts";
import type { Drain } from "../drain.ts";
import type { Boot } from "./boot.ts";
import type { RememberedCheck } from "../../base/check.ts";
import type { RememberedRefusal, RememberedService } from "./memory.ts";
import {
  Fields,
  listOf,
  number,
  numberOrNever,
  oneOf,
  readFields,
  text,
  timeOfDay,
  uuid,
  whole,
} from "./_shape.ts";

/** The contents of a notes file. */
export interface Noted {
  /** The legion's notes. */
  readonly notes: Notes;
  /** The service. */
  readonly service: RememberedService;
}

/** Thrown where the notes are of another boot, which is nothing to wonder at. */
export class OtherBoot extends Error {}

/** The boot, and the time since. */
type BootTime = Pick<Boot, "id" | "uptimeSeconds">;

// The form of the file. To be raised with each change that an older program would misread.
const version = 1;

// How much less may have passed between two readings of the time since boot than they differ, in
// seconds: both are rounded up.
const roundingSeconds = 1;

/**
 * Writes notes as text. Times are kept as differences from the moment of writing, and that moment as
 * the time since boot: the clock of a process starts anew with it.
 *
 * @param nowMs reads the monotonic clock that the notes go by
 */
export function formatNotes(
  { notes, service }: Noted,
  boot: BootTime,
  nowMs: () => number,
): string {
  // In this order, the time since boot is that of the moment or later, as the reader takes it to be.
  const writtenMs = nowMs();
  const uptimeSeconds = boot.uptimeSeconds();
  return JSON.stringify({
    version,
    boot: boot.id,
    uptimeSeconds,
    // JSON writes Infinity as null.
    notes: shifted(notes, -writtenMs),
    service: shiftedService(service, -writtenMs),
  });
}

/**
 * Reads notes of this boot. The time that has passed since they were written is known to two seconds,
 * and the least of it is taken. So all times come out late rather than early, and a promise never
 * becomes shorter; but it never lasts longer from now on than it did from the writing.
 *
 * @param nowMs reads the monotonic clock that the result is to go by
 * @throws OtherBoot when the notes are of another boot
 * @throws Error that says why the text cannot be used
 */
export function parseNotes(source: string, boot: BootTime, nowMs: () => number): Noted {
  const file = readFields(source, version);
  if (boot.id === undefined) throw new Error("the id of this boot cannot be read");
  if (file.get("boot", text) !== boot.id) throw new OtherBoot("it is of another boot");
  const notes = file.get("notes", readNotes);
  const service = file.get("service", readService);
  const uptimeSeconds = boot.uptimeSeconds();
  const readMs = nowMs();
  const goneSeconds = uptimeSeconds - file.get("uptimeSeconds", whole);
  if (goneSeconds < 0) throw new Error("it was written later than now");
  const byMs = readMs - Math.max(0, goneSeconds - roundingSeconds) * 1000;
  return { notes: shifted(notes, byMs), service: shiftedService(service, byMs) };
}

function shiftedService(service: RememberedService, byMs: number): RememberedService {
  const { drain } = service;
  if (drain?.untilMs === undefined) return service;
  return { ...service, drain: { ...drain, untilMs: drain.untilMs + byMs } };
}

function readNotes(value: unknown): Notes {
  const fields = new Fields(value);
  return {
    name: fields.get("name", text),
    node: fields.optional("node", text),
    configuredValor: fields.get("configuredValor", whole),
    valor: fields.get("valor", whole),
    uuid: fields.get("uuid", uuid),
    was: fields.optional("was", uuid),
    seq: fields.get("seq", whole),
    support: fields.optional("support", readPromise),
    lordship: fields.get("lordship", oneOf("none", "taking over", "lord", "releasing")),
    voters: fields.list("voters", text),
    quorum: fields.get("quorum", whole),
    configs: fields.list("configs", readConfig),
    doubles: fields.list("doubles", readDoubles),
    lostMs: fields.list("lostMs", number),
    hookFailedUntilMs: fields.optional("hookFailedUntilMs", number),
    spares: fields.optional("spares", readSpares),
    end: fields.optional("end", oneOf("restart", "leave")),
  };
}

function readPromise(value: unknown): NotedPromise {
  const fields = new Fields(value);
  return {
    uuid: fields.get("uuid", uuid),
    seq: fields.get("seq", whole),
    binds: fields.get("binds", whole),
    untilMs: fields.get("untilMs", numberOrNever),
  };
}

function readConfig(value: unknown): NotedConfig {
  const fields = new Fields(value);
  return {
    node: fields.get("node", text),
    name: fields.get("name", text),
    config: fields.get("config", text),
    sinceMs: fields.get("sinceMs", number),
    bindsMs: fields.get("bindsMs", whole),
    valor: fields.optional("valor", whole),
  };
}

function readDoubles(value: unknown): Doubles {
  const fields = new Fields(value);
  return {
    node: fields.get("node", text),
    names: fields.list("names", text),
    uuids: fields.list("uuids", uuid),
  };
}

function readSpares(value: unknown): NonNullable<Notes["spares"]> {
  const fields = new Fields(value);
  return {
    untilMs: fields.get("untilMs", numberOrNever),
    why: fields.get("why", oneOf("hook failed", "crashed")),
  };
}

function readService(value: unknown): RememberedService {
  const fields = new Fields(value);
  return {
    checks: fields.list("checks", readCheck),
    drain: fields.optional("drain", readDrain),
    refused: fields.optional("refused", (value) => listOf(value, readRefusal)),
  };
}

function readRefusal(value: unknown): RememberedRefusal {
  const fields = new Fields(value);
  return {
    provider: fields.get("provider", text),
    ips: fields.list("ips", text),
    failedWallMs: fields.get("failedWallMs", timeOfDay),
  };
}

function readCheck(value: unknown): RememberedCheck {
  const fields = new Fields(value);
  return {
    name: fields.get("name", text),
    kind: fields.get("kind", oneOf("cmd", "http", "tcp")),
    state: fields.get("state", oneOf("passing", "failing")),
    sinceWallMs: fields.get("sinceWallMs", timeOfDay),
    output: fields.get("output", text),
  };
}

function readDrain(value: unknown): Drain {
  const fields = new Fields(value);
  return {
    by: fields.get("by", text),
    sinceWallMs: fields.get("sinceWallMs", timeOfDay),
    untilWallMs: fields.get("untilWallMs", (value) => value === null ? Infinity : timeOfDay(value)),
    untilMs: fields.optional("untilMs", number),
  };
}
