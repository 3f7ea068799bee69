// Whatever is wrong with a line, what it says of it holds no secret.
import { assertEquals } from "@std/assert";
import { ConfigError } from "../../lib/config/config_error.ts";
import { describeConfiguration } from "../../lib/node/configuration.ts";
import { files, read } from "./read.ts";

// Seven characters of it in a row, from wherever, hold the mark.
const mark = "Zq7x";
const secret = mark.repeat(4);
const lines = [
  `password = ${secret})${secret}`,
  `legion = one 127.0.0.1:1 1 bf-cbc:${secret} ${secret}`,
  "legion-node = one 10.0.0.1:1",
  `legion-auth = one hmac-sha256:${secret}`,
  `legion-lord = one hetzner-failoverip:username=FOO,password=${secret}\\,${secret}=${secret},` +
  "ip=4.4.4.4,active_ip=1.1.1.1,url=https://robot.example/failover/4.4.4.4,timeout=5",
  "legion-lord = one hetzner-failoverip:username=FOO,password=%(password),ip=4.4.4.4," +
  `active_ip=1.1.1.1,proxy=http://BAR:${secret}@proxy.example:3128`,
  `legion-unlord = one cmd:TOKEN=%(password) true`,
];
const configuration = (changed: readonly string[]) => ["[uwsgi]", ...changed].join("\n");

/** All that a node, or --check-config, would say of it. */
function told(text: string): string {
  try {
    const config = read(text);
    return [describeConfiguration(config), ...config.warnings, ...config.passedOver].join("\n");
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

/** A line with one thing wrong somewhere. */
function* broken(line: string): Generator<string> {
  const inserted = [
    ..." =,:;[]#\\\n\t@%$()\0",
    "%(",
    "$(",
    "@(",
    " = ",
    "\nlegion-",
    "\nlegion = ",
  ];
  for (let at = 0; at <= line.length; at++) {
    const [before, after] = [line.slice(0, at), line.slice(at)];
    yield before;
    yield after;
    yield before + after.slice(1);
    for (const more of inserted) {
      yield before + more + after;
      yield before + more + after.slice(1);
    }
  }
}

Deno.test("a right configuration tells no secret", () => {
  assertEquals(told(configuration(lines)).includes(mark), false);
});

for (const [index, line] of lines.entries()) {
  const [option] = line.split(" ");
  Deno.test(`a wrong line ${index + 1} (${option}) tells no secret`, () => {
    const leaks = new Set<string>();
    for (const changed of broken(line)) {
      const saying = told(configuration(lines.with(index, changed)));
      const leak = saying.split("\n").find((each) => each.includes(mark));
      if (leak !== undefined) leaks.add(`${leak}\n  of ${JSON.stringify(changed)}`);
    }
    assertEquals([...leaks].slice(0, 10), [], `${leaks.size} leaks`);
  });
}

Deno.test("a secret with a further line break is warned of", () => {
  const legion = "[uwsgi]\nlegion = one 127.0.0.1:1 1 bf-cbc:";
  const of = [
    "x@(/made by hand)\n",
    "x\nlegion-auth = one hmac-sha256:@(/made by hand)\n",
    "x@(/secret)\n",
  ];
  const warned = (text: string) => {
    files["/made by hand"] = text;
    try {
      return of.map((lines) =>
        read(legion + lines).warnings.filter((warning) => / secret /.test(warning))
      );
    } finally {
      delete files["/made by hand"];
    }
  };
  const warning =
    "f.ini:2: legion one: its secret begins or ends with white space, such as an empty " +
    "line of a file: a node that has it without does not hear this one";
  assertEquals([warned("y\n"), warned("y\r\n")], Array(2).fill([[], [], []]));
  for (const text of ["y\n\n", "y\r\n\r\n"]) {
    assertEquals(warned(text), [[warning], [warning], []], JSON.stringify(text));
  }
});
