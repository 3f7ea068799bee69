/** A subcommand: one file of this folder exports it as `command`. */
export interface Command {
  /** What `failover help NAME` prints. */
  readonly help: string;
  /**
   * Runs it to its end; the result is the exit status.
   *
   * @throws UsageError, ConfigError: the caller prints them and ends with exit status 2
   */
  run(args: readonly string[]): Promise<number>;
}
