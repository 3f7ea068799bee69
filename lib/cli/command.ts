/** A subcommand. Each has a file in this folder, or below, that exports it as `command`. */
export interface Command {
  /** The text that `failover help NAME` prints. */
  readonly help: string;
  /**
   * Runs the subcommand to its end; the result is the exit status.
   *
   * @param args the arguments after the subcommand's name
   *
   * @throws UsageError, ConfigError: the caller prints them and ends with exit status 2
   */
  run(args: readonly string[]): Promise<number>;
}
