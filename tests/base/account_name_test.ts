import { assertEquals } from "@std/assert";
import { groupName, userName } from "../../lib/base/account_name.ts";

Deno.test("the names of users and groups, where the machine's files tell them", () => {
  assertEquals([userName(0), groupName(0)], ["root", "root"]);
  assertEquals([userName(4_000_000_000), groupName(4_000_000_000)], [
    "user 4000000000",
    undefined,
  ]);
});
