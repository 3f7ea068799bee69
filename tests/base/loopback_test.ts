import { assertEquals } from "@std/assert";
import { isLoopback } from "../../lib/base/loopback.ts";

const hosts: Record<string, boolean> = {
  "127.0.0.1": true,
  "127.9.8.7": true,
  "::1": true,
  "[::1]": true,
  "[0:0:0:0:0:0:0:1]": true,
  "::ffff:127.0.0.1": true,
  "localhost": true,
  "LocalHost": true,
  "0.0.0.0": false,
  "::": false,
  "10.0.0.1": false,
  "[2001:db8::1]": false,
  "127.0.0.1.example.com": false,
  "localhost.example.com": false,
  "example.localhost": false,
  "": false,
};

for (const [host, expected] of Object.entries(hosts)) {
  Deno.test(`isLoopback: ${host || "nothing"} is ${expected ? "" : "not "}loopback`, () => {
    assertEquals(isLoopback(host), expected);
  });
}
