import { assertEquals } from "@std/assert";
import { configurationAnswers, readConfigHere } from "../../../lib/cli/doctor/configuration.ts";
import { machine } from "../../config/read.ts";

const credential = "/run/credentials/failover.service/failover-password";

/** What is said of a configuration, by the files that there are. */
function answers(text: string, files: Record<string, string> = {}): string[] {
  const all: Record<string, string> = { "/f.ini": `[uwsgi]\n${text}\n`, ...files };
  const read = readConfigHere("/f.ini", {
    env: () => undefined,
    readFile(path) {
      if (all[path] === undefined) throw new Error("there is no such file");
      return all[path];
    },
    isPublic: (path) => path === "/public",
    localHosts: () => ["1.1.1.1"],
    machine,
  });
  return [
    ...configurationAnswers(read, "/f.ini").map(({ sign, what, why, remedy }) =>
      `${sign} ${what}: ${why}${remedy && ` > ${remedy}`}`
    ),
    ...read.files,
  ];
}

const legion = "legion = one 1.1.1.1:2000 10 bf-cbc:x";
const nodes = `${legion}\nlegion-node = one 2.2.2.2:2000\nlegion-node = one 3.3.3.3:2000`;
const right = "ok configuration: /f.ini, section [uwsgi], is right: one";

const table: [what: string, text: string, files: Record<string, string>, answers: string[]][] = [
  ["all is well", `${nodes}\nlegion-quorum = one 2`, {}, [
    right,
    "ok quorum, one: 2 of 3 nodes",
    "/f.ini",
  ]],
  ["a file that it names", `${legion}\nlegion-scroll = one @(/s)`, { "/s": "x" }, [
    right,
    "ok quorum, one: this node is alone, and needs no other's vote",
    "/f.ini",
    "/s",
  ]],
  ["a file that all may read", `${legion}\nlegion-scroll = one @(/public)`, { "/public": "x" }, [
    right,
    "note configuration: @(/public): all users of this machine may read it; if it holds a secret: " +
    "chmod o= FILE",
    "ok quorum, one: this node is alone, and needs no other's vote",
    "/f.ini",
    "/public",
  ]],
  ["a quorum that is never met", `${nodes}\nlegion-quorum = one 4`, {}, [
    right,
    "wrong quorum, one: legion-quorum is 4, and it has 3 nodes: there is never a lord > " +
    "legion-quorum = one 2, or the legion-node lines that are missing",
    "/f.ini",
  ]],
  ["a quorum of a half", `${nodes}\nlegion-quorum = one 1`, {}, [
    right,
    "wrong quorum, one: legion-quorum is 1, at most half of its 3 nodes: each of two halves may have " +
    "a lord > legion-quorum = one 2",
    "/f.ini",
  ]],
  ["a mistake", `${legion}\nlegion-freq = x`, {}, [
    "wrong configuration: /f.ini:3: legion-freq: right would be a number of seconds: 0, or 0.001 to 86400 > failover node " +
    "--check-config --config /f.ini",
    "/f.ini",
  ]],
  ["a credential while no node runs", `${legion}\nlegion-scroll = one @(${credential})`, {
    "/etc/credstore/failover-password": "x",
  }, [
    right,
    "ok quorum, one: this node is alone, and needs no other's vote",
    "note credential: /etc/credstore/failover-password was read in the place of what systemd hands " +
    "to the node",
    "/f.ini",
  ]],
  ["a credential that is nowhere", `${legion}\nlegion-scroll = one @(${credential})`, {}, [
    `wrong configuration: /f.ini:3: legion-scroll: @(${credential}): there is no such file > ` +
    "failover node --check-config --config /f.ini",
    "/f.ini",
  ]],
];

for (const [what, text, files, expected] of table) {
  Deno.test(`the configuration: ${what}`, () => assertEquals(answers(text, files), expected));
}
