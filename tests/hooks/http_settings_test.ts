// `http:NAME` and its section `[http NAME]`, as a configuration has them.
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { apiAddress } from "../../lib/http_api/provider.ts";
import type { HttpSettings } from "../../lib/hooks/http.ts";
import { describeConfiguration } from "../../lib/node/configuration.ts";
import { files, problemsOf, read, text } from "../config/read.ts";

files["/token"] = "TOP-SECRET\n";
files["/client"] = "CLIENT-SECRET\n";
const hook = `${text}here = web1\nlegion-lord = one http:any\n`;
const least = "[http any]\nip = 192.0.2.1\nhere = %(here)\nurl = https://api.example/ip/{ip}\n";

function settingsOf(section: string): HttpSettings {
  return read(`${hook}${section}`).legions[0].hooks[0].action.settings as HttpSettings;
}

Deno.test("a section has the keys of its action, placeholders of the file and files replaced", () => {
  const { ip, here, method, node, legion, headers, secrets } = settingsOf(
    `${least}header = X-Token: @(/token)\n`,
  );
  assertEquals([ip, here, method, node, legion], ["192.0.2.1", "web1", "POST", "vm", "one"]);
  assertEquals(headers, [{ name: "x-token", value: ["TOP-SECRET"] }]);
  assertEquals(secrets.includes("TOP-SECRET"), true);
});

Deno.test("placeholders that a section alone uses are used", () => {
  const { passedOver, warnings } = read(hook + least);
  assertEquals(passedOver, []);
  assertEquals(warnings.filter((line) => line.includes("did you mean")), []);
  assertEquals(warnings.filter((line) => line.includes("not verified")).length, 1);
});

Deno.test("a deadline that the hook's own limit cuts off is warned of", () => {
  const cut = (config: string) =>
    read(config).warnings.filter((line) => line.includes("legion-hook-timeout"));
  assertEquals(cut(hook + least), []);
  assertEquals(cut(`${hook}${least}deadline = 600\n`), [
    "f.ini:4: http: legion-hook-timeout ends it after 300 s of its deadline of 600 s",
  ]);
});

Deno.test("no secret of a section is told", () => {
  const section = `${least}auth = bearer /token\nheader = X-More: literal-secret\n` +
    "header = X-Token: @(/token)\nlook-url = https://api.example/look?key=@(/token)\nlook-at = /a\n";
  const told = describeConfiguration(read(hook + section));
  assertEquals(/TOP-SECRET|literal-secret/.test(told), false, told);
  assertStringIncludes(told, "http:any: give 192.0.2.1 to web1");
  assertStringIncludes(told, "look at /a of https://api.example/look?key=***");
  assertStringIncludes(told, "login: bearer ***");
});

Deno.test("no part of a login that a file or a query brings in is told", () => {
  for (
    const url of ["https://id.example/token?apikey=QUERY-SECRET", "https://id.example/@(/token)"]
  ) {
    const section = `${least}auth = client-credentials ${url} @(/client) /token\n`;
    const told = describeConfiguration(read(hook + section));
    assertEquals(/QUERY-SECRET|TOP-SECRET|CLIENT-SECRET/.test(told), false, told);
    assertMatch(told, /login: client-credentials https:\/\/id\.example\/\S+ \*\*\* \*\*\*/);
  }
});

Deno.test("a value whose name says that it is secret is one, wherever it stands", () => {
  const { secrets } = settingsOf(
    `${least}body = {"api_key": "in-json", "here": "web1"}\n`.replace(
      "/ip/{ip}",
      "/{ip}?Token=in-query&format=json",
    ),
  );
  assertEquals(secrets.filter((secret) => /in-|json|web1/.test(secret)), ["in-query", "in-json"]);
  const form = settingsOf(`${least}body = user=joe&password=in-form&ip={ip}\n`).secrets;
  assertEquals([form.includes("in-form"), form.includes("joe")], [true, false]);
});

Deno.test("without look-url it says that nothing is verified", () => {
  const told = describeConfiguration(read(hook + least));
  assertStringIncludes(told, "not verified: there is no look-url");
  const address = apiAddress(settingsOf(least));
  assertEquals(address.serverName("web1"), "web1(not-verified)");
  assertEquals(address.same("web1", "web1(not-verified)"), true);
  assertEquals([address.preflight, address.verifyMs, address.isBlind], [false, 0, true]);
});

const last = hook.split("\n").length;

for (
  const [what, section, expected] of [
    ["there is no section", "", "f.ini:4: legion-lord: http: there is no section [http any]"],
    [
      "a key is missing",
      "[http any]\nip = 192.0.2.1\nhere = a\n",
      `f.ini:${last + 1}: the key url is missing in this section`,
    ],
    [
      "a key is not known",
      `${least}urk = x\n`,
      `f.ini:${last + 4}: urk: there is no such key; did you mean url?`,
    ],
    [
      "a key is there twice",
      `${least}here = b\n`,
      `f.ini:${last + 4}: here: the key is there twice`,
    ],
    [
      "a name is unknown",
      `${least}look-url = https://a/{server}\nlook-at = /a\n`,
      `f.ini:${
        last + 4
      }: look-url: a name in braces is unknown: there are {ip}, {here}, {node}, {legion} and ` +
      "{reply:/POINTER}",
    ],
    [
      "a name is in capitals",
      `${least}body = {"ip": "{IP}"}\n`,
      `f.ini:${
        last + 4
      }: body: a name in braces is unknown: there are {ip}, {here}, {node}, {legion} and ` +
      "{reply:/POINTER}",
    ],
    [
      "a name has blanks",
      `${least}body = a={ ip }\n`,
      `f.ini:${
        last + 4
      }: body: a name in braces is unknown: there are {ip}, {here}, {node}, {legion} and ` +
      "{reply:/POINTER}",
    ],
    [
      "a name has an underscore",
      `${least}look-url = https://a/{server_id}\nlook-at = /a\n`,
      `f.ini:${
        last + 4
      }: look-url: a name in braces is unknown: there are {ip}, {here}, {node}, {legion} and ` +
      "{reply:/POINTER}",
    ],
    [
      "a brace is not closed",
      `${least}look-url = https://a/{ip\nlook-at = /a\n`,
      `f.ini:${
        last + 4
      }: look-url: a name in braces is unknown: there are {ip}, {here}, {node}, {legion} and ` +
      "{reply:/POINTER}",
    ],
    [
      "a URL has a blank",
      `${least}look-url = https://a/b c\nlook-at = /a\n`,
      `f.ini:${last + 4}: look-url: a URL has no blanks`,
    ],
    [
      "a header is there twice",
      `${least}header = X-A: 1\nheader = x-a: 2\n`,
      `f.ini:${last + 5}: header: the header is there twice`,
    ],
    [
      "a header asks for a reply that cannot be read",
      `${least}header = Accept-Encoding: gzip\n`,
      `f.ini:${last + 4}: header: this header is set by the program itself`,
    ],
    [
      "a server is named as a path of dots",
      `${least.replace("%(here)", "..")}`,
      `f.ini:${
        last + 2
      }: here: right would be the API's name of this server: at most 40 characters, no blanks ` +
      "or quotation marks",
    ],
    [
      "a server is named in quotation marks",
      `${least.replace("%(here)", '"web1"')}`,
      `f.ini:${last + 2}: here: right would be the API's name of this server: at most 40 ` +
      "characters, no blanks or quotation marks",
    ],
    [
      "a body is in quotation marks, as for curl",
      `${least}body = '{"server": "{here}"}'\n`,
      `f.ini:${last + 4}: body: a body has no quotation marks around it`,
    ],
    [
      "a value is in quotation marks",
      `${least}busy = 409 /code = "busy"\n`,
      `f.ini:${last + 4}: busy: right would be one = and the bare value, without quotation marks`,
    ],
    [
      "a value is behind two signs",
      `${least}busy = /code == busy\n`,
      `f.ini:${last + 4}: busy: right would be one = and the bare value, without quotation marks`,
    ],
    [
      "there is no reply",
      `${least}body = {"id": "{reply:/id}"}\n`,
      `f.ini:${last + 4}: body: {reply:…} has a reply to take from in poll-url alone`,
    ],
    [
      "a reply's field is no pointer",
      `${least}poll-url = https://a/{reply:id}\npoll-done = 200\n`,
      `f.ini:${last + 4}: poll-url: right would be {reply:/FIELD}, with a JSON pointer`,
    ],
    [
      "a body is no JSON",
      `${least}body = {"id": {here}, }\n`,
      `f.ini:${last + 4}: body: this is no JSON`,
    ],
    [
      "the host is a placeholder",
      `${least}look-url = https://{ip}/\nlook-at = /a\n`,
      `f.ini:${
        last + 4
      }: look-url: right would be a URL, whose host has no name in braces, and a path`,
    ],
    [
      "a file is missing",
      `${least}header = A: @(/none)\n`,
      `f.ini:${last + 4}: header: @(/none): there is no such file`,
    ],
    [
      "the login's file is missing",
      `${least}auth = bearer /none\n`,
      `f.ini:${last + 4}: auth: there is no such file`,
    ],
    [
      "there is no such login",
      `${least}auth = digest a b\n`,
      `f.ini:${
        last + 4
      }: auth: right would be basic USER FILE, or bearer FILE, or client-credentials URL CLIENT ` +
      "FILE [SCOPE], or refresh-token URL CLIENT FILE [SCOPE]",
    ],
    [
      "a poll has no end",
      `${least}poll-url = https://a/b\n`,
      `f.ini:${last + 4}: poll-url: poll-done is missing: the poll would never end`,
    ],
    [
      "a look has no pointer",
      `${least}look-url = https://a/b\n`,
      `f.ini:${last + 4}: look-url: look-at is missing`,
    ],
    [
      "a look is wanted that is not there",
      `${least}verify = 60\n`,
      `f.ini:${last + 4}: verify: without look-url nothing is looked at`,
    ],
    [
      "a status is none",
      `${least}busy = soon\n`,
      `f.ini:${
        last + 4
      }: busy: right would be STATUSES, /POINTER = VALUE, or STATUSES /POINTER = VALUE`,
    ],
  ]
) {
  Deno.test(`a mistake is told by file and line: ${what}`, () => {
    assertEquals(problemsOf(hook + section), [expected]);
  });
}

Deno.test("two sections of one name are one, so each key that is there twice is told", () => {
  assertEquals(
    problemsOf(hook + least + least),
    ["ip", "here", "url"].map((key, at) =>
      `f.ini:${last + 5 + at}: ${key}: the key is there twice`
    ),
  );
});

Deno.test("a name of a section has letters, digits, ., _ and -, and is told as it is written", () => {
  const named = (name: string) =>
    problemsOf(hook.replace("http:any", `http:${name}`) + least.replace("any", name));
  for (const name of ["a b", "a/b", "böx", "x".repeat(41), "]", "a]b"]) {
    const [problem] = named(name);
    assertEquals(
      problem,
      "f.ini:4: legion-lord: http: right would be http:NAME, where NAME is " +
        "letters, digits, ., _ and -, at most 40",
    );
  }
  assertEquals(named("Web-1.x_y"), []);
  // Another case is another name.
  const other = problemsOf(hook.replace("http:any", "http:Any") + least);
  assertEquals(other, ["f.ini:4: legion-lord: http: there is no section [http Any]"]);
});

Deno.test("a mistake in a section that two hooks name is told once", () => {
  const twice = `${hook}legion-join = one http:any\n${least}urk = x\n`;
  assertEquals(problemsOf(twice).length, 1);
});

Deno.test("a section is of the hook's file, or else of another that the configuration includes", () => {
  files["/more.ini"] = "[uwsgi]\nlegion-lord = one http:any\n" +
    least.replace("192.0.2.1", "192.0.2.2");
  files["/only.ini"] = `[uwsgi]\nx = y\n${least}`;
  const ips = (config: string) =>
    read(config).legions[0].hooks.map(({ action }) => (action.settings as HttpSettings).ip);
  assertEquals(ips(`${hook}include = /more.ini\n${least}`), ["192.0.2.1", "192.0.2.2"]);
  assertEquals(ips(`${hook}include = /only.ini\n`), ["192.0.2.1"]);
  delete files["/more.ini"];
  delete files["/only.ini"];
});
