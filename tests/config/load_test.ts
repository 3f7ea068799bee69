import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ConfigError } from "../../lib/config/config_error.ts";
import { namedLegions, reloadSources, systemSources } from "../../lib/config/load.ts";
import { reload } from "../../lib/config/reload.ts";
import { readConfiguration } from "../../lib/node/configuration.ts";
import { machine, text, withFile } from "./read.ts";

Deno.test("the machine's addresses are asked for only where a legion listens on all of them", () => {
  // What Deno says where systemd lets a service have no AF_NETLINK.
  const localHosts = () => {
    throw new Error("Address family not supported by protocol (os error 97)");
  };
  const load = (address: string) =>
    readConfiguration("f.ini", {
      ...systemSources,
      readFile: () => `[uwsgi]\nlegion = one ${address} 1 bf-cbc:x\nlegion-node = one 10.0.0.2:1\n`,
      isPublic: () => false,
      localHosts,
    });
  assertEquals(load("10.0.0.1:1").legions[0].voters.length, 2);
  assertEquals(load(":2").legions[0].voters.length, 1);
  const { message } = assertThrows(() => load(":1"), ConfigError);
  assertStringIncludes(message, "f.ini:2: legion: to listen on all addresses, ");
  assertStringIncludes(message, "(os error 97)");
  assertStringIncludes(message, "AF_NETLINK");
});

Deno.test("text that no variable can be named by is left to the shell, as in a check's command", () => {
  const command = 'test "$(LC_ALL=C uname)" = "$()"';
  const sources = {
    ...systemSources,
    readFile: () => `${text}legion-check = one cmd=${command}\n`,
    isPublic: () => false,
  };
  const [{ probe }] = readConfiguration("f.ini", sources).legions[0].checks;
  assertEquals(probe, { kind: "cmd", command, written: command });
});

Deno.test("a file is public where others than its owner and group may read it", () => {
  withFile("a.ini", text, (file) => {
    const isPublic = (mode: number) => {
      Deno.chmodSync(file, mode);
      return systemSources.isPublic(file);
    };
    assertEquals([0o600, 0o660, 0o673, 0o604, 0o644].map(isPublic), [
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});

Deno.test("a configuration that all may read is told, for its secret", () => {
  const { warnings } = readConfiguration("f.ini", {
    ...systemSources,
    readFile: () => text,
    isPublic: (path) => path === "f.ini",
  });
  assertEquals(warnings, [
    "f.ini: all users of this machine may read it; if it holds a secret: chmod o= FILE",
  ]);
});

Deno.test("the files of the uWSGI plugin's README are read unchanged", () => {
  for (const n of [1, 2, 3]) {
    const ip = `${n}.${n}.${n}.${n}`;
    const file = new URL(`./original/server-${ip}.ini`, import.meta.url).pathname;
    const others = [1, 2, 3].filter((other) => other !== n);
    assertEquals(readConfiguration(file, { ...systemSources, isPublic: () => false }), {
      file,
      section: "uwsgi",
      files: [file],
      legions: [{
        file,
        line: 4,
        name: "failover",
        address: { host: ip, port: 2000 },
        casting: "unicast",
        valor: 10_000 - n,
        cipher: "bf-cbc",
        secret: "secret1",
        iv: "",
        nodes: others.map((o) => ({ host: `${o}.${o}.${o}.${o}`, port: 2000 })),
        ownAddress: undefined,
        voters: [1, 2, 3].map((o) => `${o}.${o}.${o}.${o}:2000`),
        node: `${ip}:2000`,
        authSecret: undefined,
        quorum: 0,
        lease: "auto",
        releaseMs: 0,
        maxMembers: 1000,
        failback: { kind: "immediate" },
        flap: { count: 3, withinMs: 600_000 },
        checks: [],
        scroll: "",
        scrollMaxSize: 4096,
        hooks: [{
          file,
          line: 7,
          event: "lord",
          action: {
            kind: "hetzner-failoverip",
            settings: {
              username: "FOO",
              password: "BAR",
              ip: "4.4.4.4",
              activeServerIp: ip,
              url: "https://robot-ws.your-server.de/failover/4.4.4.4",
              timeoutMs: 60_000,
              deadlineMs: 180_000,
              sslNoVerify: false,
              ca: undefined,
              proxy: undefined,
              verifyMs: 300_000,
              reclaim: true,
              preflight: true,
            },
          },
        }],
        freqMs: 3_000,
        toleranceMs: 60_000,
        skewToleranceMs: 60_000,
        deathOnLordErrorMs: 300_000,
        hookTimeoutMs: 300_000,
        multicastTtl: undefined,
        env: [],
        chdir: undefined,
        umask: undefined,
        uid: undefined,
        gid: undefined,
      }],
      stats: undefined,
      statsHttp: false,
      origins: [
        ["legion", "failover", 4] as const,
        ["legion-node", "failover", 5] as const,
        ["legion-node", "failover", 6] as const,
        ["legion-lord", "failover", 7] as const,
        ["legion-death-on-lord-error", "300", 8] as const,
        ["legion-tolerance", "60", 9] as const,
      ].map(([option, name, line]) => ({ option, name, file, line, via: [], uses: [] })),
      passedOver: ["plugin"],
      warnings: [
        `${file}:4: legion failover: without legion-quorum each of two halves may have a lord: ` +
        "legion-quorum = failover 2",
      ],
    });
  }
});

Deno.test("FILE:SECTION picks a section; a file of that very name goes first", () => {
  const two = `${text}[other]\nlegion = two 127.0.0.1:2 1 bf-cbc:x\n`;
  withFile("a.ini", two, (file) => {
    assertEquals(readConfiguration(file).legions.map(({ name }) => name), ["one"]);
    assertEquals(readConfiguration(`${file}:other`).legions.map(({ name }) => name), ["two"]);
  });
  withFile("a.ini:other", text, (file) => assertEquals(readConfiguration(file).file, file));
});

function problems(spec: string): string {
  return assertThrows(() => readConfiguration(spec), ConfigError).message;
}

Deno.test("a file that cannot be read is named, and why", () => {
  assertEquals(problems("/nonexistent.ini"), "/nonexistent.ini: there is no such file");
  const folder = Deno.makeTempDirSync();
  assertEquals(problems(folder), `${folder}: it is a folder, not a file`);
  Deno.removeSync(folder);
  assertEquals(problems("/dev/zero"), "/dev/zero: it is a device, not a file");
});

Deno.test("a file in Latin-1 is read, and told", () => {
  const latin1 = `[uwsgi]\n; f\u00fcr alle\n${text}legion-scroll = one f\u00fcr\n`;
  withFile("a.ini", Uint8Array.from(latin1, (letter) => letter.charCodeAt(0)), (file) => {
    const { legions: [{ scroll }], warnings, files } = readConfiguration(file);
    assertEquals([scroll, files], ["f\u00fcr", [file]]);
    assertEquals(warnings.filter((warning) => warning.includes("Latin-1")), [
      `${file}:2: the file is not UTF-8, and is read as Latin-1; uWSGI takes letters beyond ASCII as ` +
      "they are: iconv -f latin1 -t utf8",
    ]);
  });
  withFile("a.ini", new Uint8Array([0xff, 0xfe, 0x5b, 0, 0x75, 0]), (file) => {
    assertEquals(problems(file), `${file}:1: this is no text: there is a NUL in it`);
  });
});

Deno.test("all files that are included are read anew, and told where all may read them", () => {
  withFile("a.ini", "", (file) => {
    const folder = file.slice(0, file.lastIndexOf("/"));
    const write = (name: string, text: string) => Deno.writeTextFileSync(`${folder}/${name}`, text);
    write("a.ini", "[uwsgi]\ninclude = %db.ini\ninherit = %dc.ini\n");
    write("b.ini", text);
    write("c.ini", "[uwsgi]\nlegion-scroll = one before\n");
    const load = () =>
      readConfiguration(file, { ...reloadSources, isPublic: (path) => path.endsWith("c.ini") });
    const before = load();
    assertEquals(before.files, [file, `${folder}/b.ini`, `${folder}/c.ini`]);
    assertEquals(before.warnings, [
      `${folder}/c.ini: all users of this machine may read it; if it holds a secret: chmod o= FILE`,
    ]);
    write("c.ini", "[uwsgi]\nlegion-scroll = one after\n");
    write("b.ini", `${text}legion-quorum = one 1\n`);
    const { config, changed } = reload(before, load());
    assertEquals(changed, ["legion one: legion-quorum, legion-scroll"]);
    assertEquals([config.legions[0].scroll, config.legions[0].quorum], ["after", 1]);
  });
});

Deno.test("a section that is missing is named, with those that are there", () => {
  withFile("a.ini", `${text}[b]\nx = 1\n`, (file) => {
    const expected = `${file}: no options in section [none]; sections with options: [uwsgi], [b]`;
    assertEquals(problems(`${file}:none`), expected);
  });
  withFile("a.ini", "", (file) => {
    assertStringIncludes(
      problems(file),
      "no options in section [uwsgi]; sections with options: none",
    );
  });
});

Deno.test("placeholders that double with every line are refused", () => {
  const doubling = Array.from({ length: 40 }, (_, i) => `a${i + 1} = %(a${i})%(a${i})\n`).join("");
  withFile("a.ini", `${text}a0 = 12345678\n${doubling}`, (file) => {
    const message = "a18: the references bring in more than 1 MiB";
    assertEquals(problems(file), `${file}:21: ${message}`);
  });
});

Deno.test("any file is read, or refused with a ConfigError", () => {
  const word = fc.constantFrom(
    ...[
      "legion",
      "legion-node",
      "legion-quorum",
      "legion-lord",
      "legion-freq",
      "stats",
      "failover",
    ],
    ...["127.0.0.1:2000", "[::1]:1", "10", "bf-cbc:x", "cmd:true", "hetzner-failoverip:ip=1.1.1.1"],
    ...["%(a)", "$(B)", "@(/c)", "\u0000", ",", "\\", "[", "]", "ü"],
  );
  const value = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
  const lines = fc.array(fc.tuple(word, value), { maxLength: 12 });
  const sources = (text: string) => ({
    env: () => undefined,
    readFile(path: string) {
      if (path === "f.ini") return text;
      throw new Error("there is no such file");
    },
    isPublic: () => false,
    localHosts: () => [],
    machine,
  });
  fc.assert(
    fc.property(lines, (lines) => {
      const text = ["[uwsgi]", ...lines.map(([key, value]) => `${key} = ${value}`)].join("\n");
      try {
        readConfiguration("f.ini", sources(text));
      } catch (error) {
        assertEquals(error instanceof ConfigError, true, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("namedLegions: the own lines are told where others are wrong, or cannot be read", () => {
  const named = (text: string) => {
    const readFile = (path: string) => {
      if (path === "f.ini") return text;
      throw new Error("it may not be read");
    };
    return namedLegions("f.ini", { ...systemSources, readFile })
      .map(({ name, address: { host, port } }) => `${name} ${host} ${port}`);
  };
  const own = "legion = one 10.0.0.1:2000 10 bf-cbc:@(/etc/secret)";
  const mcast = "port = 4242\nlegion-mcast = two 225.1.1.1:%(port) 10 bf-cbc:x";
  const wrong = "legion-frequent = 1\nlegion = six 10.0.0.1 10 bf-cbc:x\nlegion = seven\nlegion =";
  assertEquals(named(`[uwsgi]\n${own}\n${mcast}\n${wrong}\n`), [
    "one 10.0.0.1 2000",
    "two 225.1.1.1 4242",
  ]);
  assertEquals(named(`[other]\n${own}\n`), []);
  assertEquals(namedLegions("/nonexistent/f.ini"), []);
});
