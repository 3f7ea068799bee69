/**
 * The name, without its ending, of the files in which a node remembers.
 *
 * @param address the address of the `legion` line, `host:port` in its normal form
 */
export function memoryName(legion: string, address: string): string {
  return `${encodeURIComponent(legion)}@${encodeURIComponent(address)}`;
}
