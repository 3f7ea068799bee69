/** The path of the configuration without `--config`. */
export const defaultConfig = "/etc/failover.ini";
