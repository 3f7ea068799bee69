import type { Lan } from "../../lab/lan.ts";
import { account } from "../../lab/robot_process.ts";

const chapter = new URL("../../../lib/manual/following.md", import.meta.url);
/** The address that is moved where nothing routes: one of the network's own. */
export const addressOnLan = "10.77.0.100";
/** The addresses of the manual's servers, in their order. */
const inManual = ["1.1.1.1", "2.2.2.2", "3.3.3.3"];

/**
 * The configuration of the manual's chapter for a server of a network: its lines as they are, with
 * this network's addresses and the imitation of the Robot.
 *
 * @param settings.robotUrl the URL of the failover address
 * @param settings.onLan in its place move an address of the network itself: the one of `address:`
 * @param settings.folder the folder of the files with secrets
 */
export async function configuration(
  server: number,
  { lan, robotUrl, onLan, folder }: {
    readonly lan: Lan;
    readonly robotUrl: string;
    readonly onLan: boolean;
    readonly folder: string;
  },
): Promise<string> {
  const [, lines] = /^```ini\n(.*?)^```$/ms.exec(await Deno.readTextFile(chapter))!;
  const own = lines.replace(/^here = .*$/m, `here = ${inManual[server]}`)
    .replace(/^rank = .*$/m, `rank = ${inManual.length - server}`);
  const moved = !onLan ? own : own.replace(
    /^legion-lord = pg .*$/m,
    `legion-release-time = pg 1\nlegion-lord = pg address:ip=${addressOnLan}/24,dev=wire`,
  );
  return inManual.reduce((text, ip, index) => text.replaceAll(ip, lan.addresses[index]), moved)
    .replaceAll("/etc/", `${folder}/`)
    .replace("username=FOO", `url=${robotUrl},username=${account.username}`);
}
