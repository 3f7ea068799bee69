import { assertEquals, assertThrows } from "@std/assert";
import { Invalid } from "../../lib/base/invalid.ts";
import { parseProxy, proxyFor } from "../../lib/move/proxy.ts";

const right = "right would be http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, or none";

Deno.test("parseProxy: a URL, or a host and a port as curl takes them", () => {
  const proxies: [text: string, hostname: string, port: number][] = [
    ["http://proxy.test:3128", "proxy.test", 3128],
    ["http://proxy.test:3128/", "proxy.test", 3128],
    ["HTTP://10.0.0.1:80", "10.0.0.1", 80],
    ["proxy.test:8080", "proxy.test", 8080],
    ["proxy.test", "proxy.test", 1080],
    ["http://[2001:db8::1]:3128", "2001:db8::1", 3128],
  ];
  for (const [text, hostname, port] of proxies) {
    const proxy = parseProxy(text)!;
    assertEquals([proxy.hostname, proxy.port, proxy.headers], [hostname, port, {}], text);
  }
  for (const none of ["", "none"]) assertEquals(parseProxy(none), undefined);
});

Deno.test("parseProxy: user and password go into a header, and are shown nowhere", () => {
  const { headers, ...rest } = parseProxy("http://us%40er:p%C3%A4ss@proxy.test:3128")!;
  const [, coded] = headers["proxy-authorization"].split(" ");
  const text = new TextDecoder().decode(Uint8Array.fromBase64(coded));
  assertEquals(text, "us@er:päss");
  assertEquals(rest, { hostname: "proxy.test", port: 3128, shown: "proxy.test:3128" });
});

Deno.test("parseProxy: what is no proxy is refused, without a word of it", () => {
  const texts = [
    "socks5://u:Secret@proxy.test:1080",
    "https://u:Secret@proxy.test",
    "http://u:Secret/@proxy.test:3128",
    "http://u:12/34@proxy.test:3128",
    "http://u:12?34@proxy.test:3128",
    "http://",
    "http://proxy.test:99999",
    "://",
  ];
  for (const text of texts) {
    assertEquals(assertThrows(() => parseProxy(text), Invalid).message, right, text);
  }
});

/** The proxy for a URL in an environment: its host and port; none: empty. */
function by(env: Record<string, string>, url = "https://robot.test/x", setting?: string): string {
  return proxyFor(new URL(url), setting, (name) => env[name])?.shown ?? "";
}

Deno.test("proxyFor: the environment's variables count as they do for curl", () => {
  const [a, b] = ["http://a.test:1", "http://b.test:2"];
  assertEquals(by({}), "");
  assertEquals(by({ https_proxy: a, HTTPS_PROXY: b }), "a.test:1 (https_proxy)");
  assertEquals(by({ https_proxy: "", HTTPS_PROXY: b }), "b.test:2 (HTTPS_PROXY)");
  assertEquals(by({ http_proxy: a, HTTP_PROXY: a }), "");
  assertEquals(
    by({ http_proxy: a, https_proxy: b }, "http://robot.test/"),
    "a.test:1 (http_proxy)",
  );
  // A program asked over HTTP by strangers may be handed a header "Proxy" under this name.
  assertEquals(by({ HTTP_PROXY: a }, "http://robot.test/"), "");
});

Deno.test("proxyFor: the key comes before the environment, also for this machine itself", () => {
  const env = { https_proxy: "http://a.test:1", no_proxy: "*" };
  assertEquals(by(env, "https://robot.test/", "http://b.test:2"), "b.test:2");
  assertEquals(by(env, "https://127.0.0.1/", "b.test:2"), "b.test:2");
  for (const none of ["", "none"]) {
    assertEquals(by({ https_proxy: "http://a.test:1" }, "https://robot.test/", none), "");
  }
});

Deno.test("proxyFor: this machine itself is asked without the environment's proxy", () => {
  for (const host of ["localhost", "127.0.0.1:8443", "[::1]"]) {
    assertEquals(by({ https_proxy: "http://a.test:1" }, `https://${host}/`), "");
  }
});

Deno.test("proxyFor: no_proxy names hosts, domains, networks, all", () => {
  const excepted: [list: string, url: string, is: boolean][] = [
    ["*", "https://robot.test/", true],
    ["robot.test", "https://robot.test/", true],
    ["ROBOT.test", "https://Robot.TEST/", true],
    ["a.test, robot.test", "https://robot.test/", true],
    ["test", "https://robot.test/", true],
    [".test", "https://robot.test/", true],
    ["*.test", "https://robot.test/", true],
    ["obot.test", "https://robot.test/", false],
    ["a.robot.test", "https://robot.test/", false],
    ["robot.test:443", "https://robot.test/", true],
    ["robot.test:80", "https://robot.test/", false],
    ["robot.test:8443", "https://robot.test:8443/", true],
    ["10.0.0.0/8", "https://10.1.2.3/", true],
    ["10.0.0.0/8", "https://11.1.2.3/", false],
    ["10.1.2.3", "https://10.1.2.3/", true],
    ["2.3", "https://10.1.2.3/", false],
    ["2001:db8::/32", "https://[2001:db8::1]/", true],
    ["2001:0db8::1", "https://[2001:db8::1]/", true],
    ["[2001:db8::1]:443", "https://[2001:db8::1]/", true],
    ["2001:db8::/32", "https://10.1.2.3/", false],
    ["", "https://robot.test/", false],
    [", ,", "https://robot.test/", false],
  ];
  for (const [list, url, is] of excepted) {
    for (const name of ["no_proxy", "NO_PROXY"]) {
      const shown = by({ https_proxy: "http://a.test:1", [name]: list }, url);
      assertEquals(shown === "", is, `${list} ${url}`);
    }
  }
});

Deno.test("proxyFor: a variable that cannot be used is named, without a word of its value", () => {
  const error = assertThrows(() => by({ HTTPS_PROXY: "socks5://u:Secret@a.test" }), Invalid);
  assertEquals(error.message, `HTTPS_PROXY: ${right}`);
});
