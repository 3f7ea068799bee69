import { assertEquals, assertMatch } from "@std/assert";
import { problemsOf, read, text } from "../config/read.ts";

const root = { ignore: Deno.uid() !== 0 };

Deno.test("a directory for hooks that is not there is found at the start", () => {
  assertEquals(problemsOf(`${text}chdir = /nonexistent/x\n`), [
    "f.ini: chdir: there is no such directory",
  ]);
  assertEquals(problemsOf(`${text}chdir = /etc/passwd\n`), ["f.ini: chdir: it is no directory"]);
  assertEquals(problemsOf(`${text}chdir = /usr\n`), []);
});

Deno.test({
  name: "a user or group for hooks that is not there is found at the start",
  ...root,
  fn() {
    assertMatch(
      problemsOf(`${text}uid = no-such-user\n`).join("\n"),
      /^f\.ini: uid: .*no-such-user/,
    );
    assertMatch(
      problemsOf(`${text}gid = no-such-group\n`).join("\n"),
      /^f\.ini: gid: .*no-such-gr/,
    );
    assertEquals(problemsOf(`${text}uid = nobody\ngid = nogroup\n`), []);
  },
});

Deno.test("the options of a hook's surroundings are read as uWSGI reads them", () => {
  const { legions: [legion] } = read(`${text}env = A=1
env = B=a b = c
env = A=2
unenv = B
chdir = /etc
chdir = /usr
umask = 0027
`);
  const { env, chdir, umask } = legion;
  assertEquals(env, [
    { name: "A", value: "1" },
    { name: "B", value: "a b = c" },
    { name: "A", value: "2" },
    { name: "B" },
  ]);
  assertEquals([chdir, umask], ["/usr", "027"]);
  // uWSGI takes these for some other umask or user, or fails at the start.
  for (
    const line of ["umask = 22", "umask = u=rwx", "umask = 099", "env = =x", "uid = -x", "chdir ="]
  ) {
    assertMatch(problemsOf(`${text}${line}\n`).join("\n"), /right would be|no "="/, line);
  }
});
