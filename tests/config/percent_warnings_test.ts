import { assertEquals } from "@std/assert";
import { files, problemsOf, read, text } from "./read.ts";

const hint =
  '"%" and the character behind it stand for something else, as with uWSGI: a "%" itself ' +
  'is written "%%"';
const robot = "legion-lord = one hetzner-failoverip:user=u,ip=4.4.4.4,active_ip=1.1.1.1,password=";

const odd: [what: string, lines: string, line: string][] = [
  ["a password, the letter vanishes", `${robot}HID%zDEN`, "f.ini:3: legion-lord"],
  ["a password, the letter stands for something", `${robot}HID%sDEN`, "f.ini:3: legion-lord"],
  ["a placeholder in a password", `pw = HID%sDEN\n${robot}%(pw)`, "f.ini:3: pw"],
  ["a placeholder of one", `pw = HID%sDEN\nhp = %(pw)\n${robot}%(hp)`, "f.ini:3: pw"],
  ["a legion's secret", "legion = two 127.0.0.1:2 1 bf-cbc:HID%hDEN", "f.ini:3: legion"],
  ["a legion's IV", "legion = two 127.0.0.1:2 1 bf-cbc:HIDDEN I%hV", "f.ini:3: legion"],
  ["a secret that signs", "legion-auth = one hmac-sha256:%h", "f.ini:3: legion-auth"],
  ["a date", "legion-lord = one cmd:date +%s", "f.ini:3: legion-lord"],
  ["a format", "legion-lord = one cmd:printf '%s' x", "f.ini:3: legion-lord"],
  ["a URL", "legion-check = one http=http://127.0.0.1/a%20b", "f.ini:3: legion-check"],
  ["a placeholder in use, the letter vanishes", "a = 5%z\nlegion-scroll = one %(a)", "f.ini:3: a"],
];
for (const [what, lines, place] of odd) {
  Deno.test(`a "%" that was hardly meant as it is read is told: ${what}`, () => {
    const { warnings } = read(text + lines);
    const told = warnings.filter((warning) => warning.includes('"%"'));
    assertEquals(told, [`${place}: a ${hint}`]);
    assertEquals(warnings.join().includes("HID"), false);
  });
}

Deno.test('a "%" is not told where it is right, or nothing of ours', () => {
  files["/percent"] = "5%0 %z\n";
  const right = [
    `${robot}5%%s`,
    `${robot}%(pw)\npw = 5%%s`,
    `${robot}@(/percent)`,
    "stats = /run/%n.sock",
    "legion-lord = one cmd:date +%%s",
    "legion-scroll = one at %h",
    "; 50%z",
    "chmod-socket = 5%z\nunused = 5%z",
  ];
  for (const lines of right) {
    const { warnings } = read(text + lines);
    assertEquals(warnings.filter((warning) => warning.includes("%")), [], lines);
  }
});

Deno.test("the password is the one that uWSGI would take", () => {
  const passwordOf = (lines: string) =>
    (read(text + lines).legions[0].hooks[0].action.settings as { password: string }).password;
  assertEquals(passwordOf(`${robot}a%%b`), "a%b");
  assertEquals(passwordOf(`${robot}a%zb`), "ab");
  assertEquals(passwordOf(`pw = a%%%%b%%\n${robot}%(pw)`), "a%%b%");
  files["/percent"] = "5%0 %z\n";
  assertEquals(passwordOf(`${robot}@(/percent)`), "5%0 %z");
});

Deno.test('a mistake in a line with a "%" says how one is written', () => {
  assertEquals(problemsOf(`${text}legion-node = one 10.0.0.1%eth0`), [
    "f.ini:3: legion-node: no address: it has no port; right would be 1.2.3.4:2000, [::1]:2000 or " +
    ':2000; a "%" itself is written "%%"',
  ]);
});
