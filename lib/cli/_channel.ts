import { isPortable } from "./self.ts";

/**
 * Closes the channel that a supervisor on Node.js may have handed on (NODE_CHANNEL_FD): nothing here
 * reads it, and a malformed message would end the process. The portable form has closed it before.
 * The module that knows of the channel takes 20 ms to load, so a node calls this after its start;
 * a short command ends before it matters.
 */
export async function leaveChannel(): Promise<void> {
  if (isPortable()) return;
  const { default: process } = await import("node:process");
  if (process.connected) process.disconnect();
}
