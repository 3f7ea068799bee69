// Replies from outside may be anything.
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { cleanser } from "../../lib/base/cleanser.ts";
import { cloudActionOf } from "../../lib/hcloud/cloud_action.ts";
import { actionError, parseError } from "../../lib/hcloud/errors.ts";
import { floatingIpOf } from "../../lib/hcloud/floating_ip.ts";
import { meaningOf } from "../../lib/hcloud/meaning.ts";
import { serverOf } from "../../lib/hcloud/server.ts";

const clean = cleanser(["tOkEn0123"]);
const text = fc.oneof(
  fc.constantFrom("running", "10.0.0.1", "2001:db8::/64", "tOkEn0123", "locked", "x".repeat(9_999)),
  fc.string({ unit: "binary", maxLength: 20 }),
);
const leaf = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const names = ["id", "ip", "server", "name", "status", "error", "private_net", "alias_ips"];
const keys = fc.constantFrom(
  ...names,
  "network",
  "code",
  "message",
  "details",
  "fields",
  "messages",
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(keys, tie("value"), { maxKeys: 6 }),
  ),
}));

Deno.test("bad input: whatever comes is read within bounds, or not at all", () => {
  fc.assert(
    fc.property(value, (reply) => {
      const floatingIp = floatingIpOf(reply);
      assert(floatingIp === undefined || Number.isSafeInteger(floatingIp.id));
      const server = serverOf(reply);
      for (const text of [server?.name, server?.status, floatingIp?.name]) {
        assert(text === undefined || /^\P{Cc}{0,256}$/u.test(text), text);
      }
      const action = cloudActionOf(reply);
      assert(action === undefined || ["running", "success", "error"].includes(action.status));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("bad input: every error is one line within bounds, without the token", () => {
  const status = fc.constantFrom(200, 301, 400, 401, 403, 404, 409, 422, 423, 429, 500, 503, 504);
  fc.assert(
    fc.property(status, value, (status, error) => {
      const body = new TextEncoder().encode(JSON.stringify({ error }));
      for (
        const { code, message } of [
          parseError(status, body, { clean, location: "/tOkEn0123" }),
          actionError(error, clean),
        ]
      ) {
        assert(/^[\w]{1,64}$/.test(code), code);
        assert(message.length < 1_000 && !/\p{Cc}/u.test(message), message);
        assertEquals([code.includes("tOkEn0123"), message.includes("tOkEn0123")], [false, false]);
      }
      meaningOf(parseError(status, body, { clean }));
    }),
    { numRuns: 2_000 },
  );
});
