// The blocks whose lines uWSGI repeats (PROTOCOL.md, "More of the dialect").
import { errorMessage } from "../base/error_message.ts";
import { Invalid } from "../base/invalid.ts";
import { globbed } from "./_glob.ts";
import type { ConfigSources } from "./sources.ts";

/** The most times that the lines of a block are repeated. */
const maxTimes = 10_000;

type Loop = (argument: string, sources: ConfigSources) => readonly string[];

/** The loops by their names in a file: each tells the values of `%(_)`. */
const loops: Readonly<Record<string, Loop>> = {
  "for": (list) => list.split(" ").filter((item) => item !== ""),
  "for-times": (text) => {
    const times = Number(/^\d*/.exec(text)?.[0]);
    return Array.from({ length: atMost(times) }, (_, index) => `${index + 1}`);
  },
  "for-glob": (pattern, { machine }) => globbed(pattern, { most: maxTimes, machine }) ?? tooMany(),
  "for-readline": (path, { readFile }) => {
    try {
      return readFile(path).replace(/\r?\n$/, "").split(/\r?\n/);
    } catch (error) {
      throw new Invalid(errorMessage(error));
    }
  },
};

/** The loop of that name; undefined: no loop has it. @throws Invalid by itself, with the reason */
export function loopNamed(name: string): Loop | undefined {
  const loop = Object.hasOwn(loops, name) ? loops[name] : undefined;
  return loop && ((argument, sources) => {
    const values = loop(argument, sources);
    atMost(values.length);
    return values;
  });
}

function atMost(times: number): number {
  return times > maxTimes ? tooMany() : times;
}

function tooMany(): never {
  throw new Invalid(`its lines would be repeated more than ${maxTimes} times`);
}
