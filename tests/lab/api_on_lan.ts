// The side of the API as a process, for the switch of a network: a Robot behind https, a name server
// that knows its name, and a proxy that carries to it. Its argument is JSON, of the type ApiArgument.
// The process prints what happens, one line of JSON each (ApiEvent). SIGUSR1 begins a maintenance,
// and SIGUSR2 ends it.
import { startSimulator } from "../../lib/robot/simulator.ts";
import { account } from "./robot_process.ts";
import { type ApiArgument, type ApiEvent, robotName } from "./api_process.ts";

const { host, servers, failovers, tls, switchMs, ports }: ApiArgument = JSON.parse(Deno.args[0]);

const robot = await startSimulator({
  host,
  port: ports.robot,
  tls,
  accounts: [account],
  servers: servers.map((ip, index) => ({ number: index + 1, ip })),
  failovers: failovers.map((ip) => ({ ip, activeServerIp: null })),
  switchMs,
  onRequest: ({ method, ip = "", atMs, outcome }) => {
    if (outcome !== undefined) tell({ kind: "request", method, ip, atMs, outcome });
  },
  onSwitch: (ip, to) => tell({ kind: "switch", ip, to }),
});

let endMaintenance = () => {};
Deno.addSignalListener("SIGUSR1", () => {
  endMaintenance = robot.failAll({ kind: "body", status: 503, body: "maintenance" });
  tell({ kind: "maintenance", is: true });
});
Deno.addSignalListener("SIGUSR2", () => {
  endMaintenance();
  tell({ kind: "maintenance", is: false });
});

answerNames();
carry();
tell({ kind: "ready" });

function tell(event: ApiEvent): void {
  console.log(JSON.stringify(event));
}

/** Answers each question for the Robot's name with the switch's address, and any other with nothing. */
async function answerNames(): Promise<void> {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: host, port: ports.names });
  for await (const [question, from] of socket) await socket.send(answerTo(question), from);
}

function answerTo(question: Uint8Array): Uint8Array {
  // The header has 12 bytes (RFC 1035, 4.1.1); the name asked for is a row of labels.
  const end = question.indexOf(0, 12) + 5;
  const labels = new TextDecoder().decode(question.subarray(13, end - 5)).replace(/[^a-z]/g, ".");
  const isAddress = question[end - 3] === 1;
  const isKnown = labels === robotName && isAddress;
  const header = [...question.subarray(0, 2), 0x81, 0x80, 0, 1, 0, isKnown ? 1 : 0, 0, 0, 0, 0];
  const answer = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...host.split(".").map(Number)];
  return new Uint8Array([...header, ...question.subarray(12, end), ...isKnown ? answer : []]);
}

/** Carries connections to the Robot, whatever place they are for (CONNECT; RFC 9110, 9.3.6). */
async function carry(): Promise<void> {
  for await (const client of Deno.listen({ hostname: host, port: ports.proxy })) {
    carryOne(client).catch(() => client.close());
  }
}

async function carryOne(client: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(4096);
  let head = "";
  while (!head.includes("\r\n\r\n")) {
    const length = await client.read(buffer);
    if (length === null) return client.close();
    head += new TextDecoder().decode(buffer.subarray(0, length));
  }
  const server = await Deno.connect({ hostname: host, port: ports.robot });
  await client.write(new TextEncoder().encode("HTTP/1.1 200 Connection established\r\n\r\n"));
  await Promise.allSettled([
    client.readable.pipeTo(server.writable),
    server.readable.pipeTo(client.writable),
  ]);
}
