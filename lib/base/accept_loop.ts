import { errorMessage } from "./error_message.ts";
import { delay } from "@std/async/delay";
import { close } from "./close.ts";

/** The listener to accept from, and who is told. */
export interface AcceptOptions {
  /** The listener; closed with the loop. */
  readonly listener: Pick<Deno.Listener, "accept" | "close">;
  /** The name of the server, for the log. */
  readonly name: string;
  /** Takes a client; must not throw. */
  readonly accepted: (client: Deno.Conn) => void;
  /**
   * Called when the process or the machine can open no more files: closing some lets the next
   * client in.
   */
  readonly exhausted: () => void;
  /** Called with a line for the log about each kind of error, at most once a minute. */
  readonly warn: (message: string) => void;
  /** The monotonic clock, in milliseconds; the process's by default. */
  readonly now?: () => number;
  /** Waits, and rejects at once when the signal comes; a timer by default. */
  readonly wait?: (ms: number, options: { signal: AbortSignal }) => Promise<void>;
}

/** A running accept loop. */
export interface AcceptLoop {
  /** Closes the listener; resolves when no more clients are accepted. */
  close(): Promise<void>;
}

const quietMs = 60_000;
const firstPauseMs = 10;
const longestPauseMs = 1_000;

// Deno looks at a connection's addresses when it accepts one, and a reset one has none (ENOTCONN).
const gone = ["ENOTCONN", "ECONNABORTED", "ECONNRESET"];
const exhaustion = ["EMFILE", "ENFILE"];

const reasons: Record<string, string> = {
  ENOTCONN: "the client was gone at once",
  ECONNABORTED: "the client was gone at once",
  ECONNRESET: "the client was gone at once",
  EMFILE: "this process may open no more files, see `ulimit -n`",
  ENFILE: "this machine may open no more files, see `sysctl fs.file-max`",
};

/**
 * Accepts clients until closed, whatever goes wrong meanwhile: anybody who reaches the address can
 * reset a connection, or open so many that the process may open no more files.
 *
 * Between two clients everything else has its turn, above all the legion's datagrams. A client that
 * is gone has left the queue, and the next one is accepted without a pause. Any other error would
 * come again at once, so a pause follows: 10 ms, then twice as long each time, up to 1 s, and 10 ms
 * again after a success.
 */
export function acceptClients(
  {
    listener,
    name,
    accepted,
    exhausted,
    warn,
    now = () => performance.now(),
    wait = delay,
  }: AcceptOptions,
): AcceptLoop {
  const closing = new AbortController();
  const warnedMs = new Map<string, number>();
  const ended = accept();
  return {
    close() {
      closing.abort();
      close(listener);
      return ended;
    },
  };

  async function accept(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!closing.signal.aborted) {
      try {
        const client = await listener.accept();
        if (closing.signal.aborted) return close(client);
        accepted(client);
        pauseMs = firstPauseMs;
      } catch (error) {
        // Closing a listener makes the waiting accept fail, which is no error.
        if (closing.signal.aborted) return;
        const { code = "another" } = error as { code?: string };
        tell(code, error);
        if (!gone.includes(code)) {
          if (exhaustion.includes(code)) exhausted();
          await wait(pauseMs, closing).catch(() => {});
          pauseMs = Math.min(2 * pauseMs, longestPauseMs);
        }
      }
      // In a storm of connections a client is always ready, and Deno would not get to the
      // datagrams.
      await turn();
    }
  }

  function tell(code: string, error: unknown): void {
    const last = warnedMs.get(code);
    if (last !== undefined && now() - last < quietMs) return;
    warnedMs.set(code, now());
    const reason = reasons[code] ?? errorMessage(error);
    warn(`${name}: a connection could not be accepted: ${reason}; accepting goes on`);
  }
}

/** Resolves when the event loop has gone round. */
function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
