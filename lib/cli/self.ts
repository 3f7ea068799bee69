/** The command that runs this very program with other arguments: the executable, or its source. */
export function selfCommand(args: readonly string[], options: Deno.CommandOptions): Deno.Command {
  const own = Deno.build.standalone ? [] : ["run", "--allow-all", "--quiet", Deno.mainModule];
  return new Deno.Command(Deno.execPath(), { ...options, args: [...own, ...args] });
}
