/**
 * The number of looks for the debugger after a signal, at least a millisecond apart. On an idle
 * machine the debugger opens after some 5 ms.
 */
const looks = 1_000;

/**
 * Keeps SIGUSR1 and SIGUSR2 from doing any harm, in every subcommand and from its first moment on.
 * People who know uWSGI or keepalived send these signals. SIGUSR1 makes the runtime open its debugger on
 * 127.0.0.1:9229, through which every user of the machine could read what this process may read. No
 * flag and no variable forbids that, so the debugger is closed as soon as it is open. Without a
 * listener both signals would end the process in the native form and while the runtime starts.
 */
export function disarmUserSignals(): void {
  let left = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  Deno.addSignalListener("SIGUSR1", async () => {
    // Loaded at the signal: it takes 10 ms, which every start would wait for.
    const { close, url } = await import("node:inspector");
    const look = () => {
      if (url() !== undefined) close();
      if (--left > 0) timer = setTimeout(look, 1);
    };
    left = looks;
    clearTimeout(timer);
    look();
  });
  Deno.addSignalListener("SIGUSR2", () => {});
}
