import { AccountGuard } from "../../lib/move/account_guard.ts";
import type { AddressSight, MoveContext, TakeoverStep } from "../../lib/move/context.ts";
import type { KeptAddress } from "../../lib/move/provider.ts";
import { http, type HttpSettings } from "../../lib/hooks/http.ts";

/** The settings of a section as a file has it, lines of `key = value`. */
export function settingsOf(section: string, files: Record<string, string> = {}): HttpSettings {
  const lines = section.trim().split("\n").map((text, index) => {
    const [key, value] = text.split(/\s*=\s*(.*)/s).map((part) => part.trim());
    return { key, value, written: value, brought: [], file: "f.ini", line: index + 1 };
  });
  const sections = { legion: "one", node: "vm", lines: () => lines };
  return http.read("any", "any", (path) => files[path], sections) as HttpSettings;
}

/** The address of a section, with waits that are short. */
export function addressOf(section: string, files?: Record<string, string>): KeptAddress {
  return quick(http.provider!(settingsOf(section, files)));
}

/** The same address with short waits. */
export function quick(address: KeptAddress): KeptAddress {
  const waits = { firstMs: 10, maxMs: 30 };
  const pace = { ...address.pace, look: waits, maintenance: waits, again: waits, connect: waits };
  return { ...address, pace };
}

/** A context as a node gives it, and what was told to it. */
export function contextOf(signal: AbortSignal = new AbortController().signal) {
  const lines: string[] = [];
  const sights: AddressSight[] = [];
  const context: MoveContext = {
    signal,
    recheck() {},
    log: (level, message) => void lines.push(`${level} ${message}`),
    guard: new AccountGuard(),
    seen: (sight) => void sights.push(sight),
    moves: (_: string, _step: TakeoverStep) => {},
  };
  return { context, lines, sights };
}
