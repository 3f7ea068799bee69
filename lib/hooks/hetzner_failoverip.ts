import { routeFailover } from "../robot/client.ts";
import { type HookContext, HookError } from "./action.ts";

export interface FailoveripSettings {
  readonly username: string;
  readonly password: string;
  readonly ip: string;
  readonly activeServerIp: string;
  readonly url: string;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly sslNoVerify: boolean;
  readonly ca?: string;
}

export async function runHetznerFailoverip(s: FailoveripSettings, { signal }: HookContext) {
  try {
    await routeFailover(s, { signal });
  } catch (error) {
    throw new HookError(String(error));
  }
}
