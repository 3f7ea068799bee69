import ipaddr from "ipaddr.js";
import { type InitPlan, nodeHere, nodesOf, valorOf } from "./_plan.ts";

/**
 * The warnings about a plan that can be carried out.
 *
 * @param localHosts the addresses of this machine
 */
export function unwise(plan: InitPlan, localHosts: readonly string[]): string[] {
  const { me, servers, valor, nat } = plan;
  const equal = servers.find((server) =>
    server !== me && valor > 0 && valorOf(server, { servers, given: undefined }) === valor
  );
  const here = nodeHere(nodesOf(plan), localHosts);
  // Every machine has 127.0.0.1.
  const isElsewhere = here !== undefined && here !== me && !nat && !isLoopback(here.host);
  return [
    ...isElsewhere
      ? [`--me ${me.host} is not this machine, which has ${here.host}: is it another server's?`]
      : [],
    ...equal === undefined ? [] : [
      `--valor ${valor} is what ${equal.host} has by its position: of equal valors none is preferred`,
    ],
    ...nodesOf(plan).length > 2 ? [] : [
      "with two nodes no address moves: of two, a lord needs both votes; add an arbiter on a third " +
      "machine: --arbiters ADDRESS",
    ],
  ];
}

function isLoopback(host: string): boolean {
  return ipaddr.parse(host).range() === "loopback";
}
