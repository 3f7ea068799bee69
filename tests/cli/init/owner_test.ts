import { assertEquals } from "@std/assert";
import { giveTo } from "../../../lib/cli/init/_owner.ts";

Deno.test({
  name: "giveTo: files that root alone may read, and no others; their modes stay",
  ignore: Deno.uid() !== 0,
  fn() {
    const folder = Deno.makeTempDirSync();
    const place = (name: string, mode: number, uid: number, gid: number) => {
      const path = `${folder}/${name}`;
      Deno.writeTextFileSync(path, "x");
      Deno.chmodSync(path, mode);
      Deno.chownSync(path, uid, gid);
      return path;
    };
    const paths = [
      place("root's", 0o600, 0, 0),
      place("root's group's", 0o640, 0, 0),
      place("all may read it", 0o644, 0, 0),
      place("its group may read it", 0o640, 0, 1001),
      place("another's", 0o600, 1002, 0),
      place("its own", 0o600, 1000, 1001),
    ];
    try {
      assertEquals(giveTo({ uid: 1000, gid: 1001 }, paths), paths.slice(0, 2));
      const facts = paths.map((path) => Deno.statSync(path))
        .map(({ uid, gid, mode }) => `${uid} ${gid} ${(mode! & 0o777).toString(8)}`);
      assertEquals(facts, [
        "1000 0 600",
        "1000 0 640",
        "0 0 644",
        "0 1001 640",
        "1002 0 600",
        "1000 1001 600",
      ]);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
