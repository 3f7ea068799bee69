import v8 from "node:v8";
import vm from "node:vm";

v8.setFlagsFromString("--expose-gc");
const collect: () => void = vm.runInNewContext("gc");

/** The number of bytes in use on the heap, after garbage collection. */
export function heapBytes(): number {
  collect();
  return Deno.memoryUsage().heapUsed;
}
