import { close, url } from "node:inspector";

/**
 * How often to look for the debugger after a signal, at least a millisecond apart. On a machine with
 * nothing else to do it opens after some 5 ms.
 */
const looks = 1_000;

/**
 * Keeps SIGUSR1 and SIGUSR2 from doing any harm, in every subcommand and from its first moment on.
 * People who come from uWSGI or keepalived send them. SIGUSR1 makes the runtime open its debugger on
 * 127.0.0.1:9229, through which every user of the machine could read what this process may read. No
 * flag and no variable forbids that, so the debugger is closed as soon as it is open. Where the
 * runtime does not listen to them either, in the native form and as long as it starts, both would
 * end the process.
 */
export function disarmUserSignals(): void {
  let left = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    if (url() !== undefined) close();
    if (--left > 0) timer = setTimeout(look, 1);
  };
  Deno.addSignalListener("SIGUSR1", () => {
    left = looks;
    clearTimeout(timer);
    look();
  });
  Deno.addSignalListener("SIGUSR2", () => {});
}
