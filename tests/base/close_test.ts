import { assertThrows } from "@std/assert";
import { close } from "../../lib/base/close.ts";

Deno.test("close: a listener that is closed already, or is not there, is no error", () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  close(listener);
  assertThrows(() => listener.close());
  close(listener);
  close(undefined);
});
