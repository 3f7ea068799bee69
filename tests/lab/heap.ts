import v8 from "node:v8";
import vm from "node:vm";

v8.setFlagsFromString("--expose-gc");
const collect: () => void = vm.runInNewContext("gc");

/** The bytes in use on the heap once all that nobody needs any more is gone. */
export function heapBytes(): number {
  collect();
  return Deno.memoryUsage().heapUsed;
}
