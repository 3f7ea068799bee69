/** Where the configuration is when nothing else is said. */
export const defaultConfig = "/etc/failover.ini";
