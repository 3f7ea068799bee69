import { assertEquals } from "@std/assert";
import { untrustedText } from "../../lib/move/untrusted_text.ts";

Deno.test("untrustedText: one code stands for several causes, which are named", () => {
  assertEquals(
    untrustedText("UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify"),
    "the certificate does not verify: unable to verify (it has expired, its issuer is not trusted, " +
      "or the clock of this server is wrong)",
  );
  assertEquals(
    untrustedText("DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"),
    "the certificate does not verify: self-signed certificate",
  );
});
