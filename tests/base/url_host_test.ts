import { assertEquals } from "@std/assert";
import { bareHost, portOf } from "../../lib/base/url_host.ts";

Deno.test("bareHost: an IPv6 address loses its brackets, and no other host changes", () => {
  assertEquals(bareHost("[fd00::1]"), "fd00::1");
  for (const host of ["fd00::1", "10.0.0.1", "example.com", "[fd00::1", ""]) {
    assertEquals(bareHost(host), host);
  }
});

Deno.test("portOf: the URL's own port, else that of its scheme", () => {
  const ports = ["http://a", "https://a", "http://a:443", "https://a:80", "https://[fd00::1]:8443"];
  assertEquals(ports.map((url) => portOf(new URL(url))), [80, 443, 443, 80, 8443]);
});
