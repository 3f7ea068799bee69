import { type Lan, makeLan } from "../../tests/lab/lan.ts";
import { RobotProcess } from "../../tests/lab/robot_process.ts";
import { makeCertificate } from "../../tests/lab/certificate.ts";
import { ServerMemory } from "../../tests/lab/server_memory.ts";
import type { Executable } from "./executable.ts";

/** How many servers share the address; two of them are the quorum. */
export const servers = 3;

/** Three servers on a switch, with a Robot there that speaks https. */
export interface Scene extends AsyncDisposable {
  /** The network of the servers. */
  readonly lan: Lan;
  /** The folders that outlast the processes of each server's node, by the server's index. */
  readonly memories: readonly ServerMemory[];
  /** The Robot. */
  readonly robot: RobotProcess;
  /** A folder for files, removed at the end. */
  readonly folder: string;
  /** The file with the Robot's certificate. */
  readonly ca: string;
  /** The program as a user has it. */
  readonly executable: Executable;
}

/**
 * Makes the network and starts the Robot.
 *
 * @param switchMs how long the Robot takes for a switch, in milliseconds
 */
export async function setScene(executable: Executable, switchMs: number): Promise<Scene> {
  await using made = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "failover-bench-" });
  made.defer(() => Deno.remove(folder, { recursive: true }));
  const lan = made.use(await makeLan(servers));
  const tls = makeCertificate({ host: lan.switchAddress });
  const ca = `${folder}/ca.pem`;
  await Deno.writeTextFile(ca, tls.cert);
  const robot = made.use(await RobotProcess.start(lan, { switchMs, tls }));
  const memories = await Promise.all(
    lan.addresses.map((_, server) => ServerMemory.of(lan, server, folder)),
  );
  const all = made.move();
  return {
    lan,
    memories,
    robot,
    folder,
    ca,
    executable,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
