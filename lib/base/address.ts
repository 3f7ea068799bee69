/** An IP address and a UDP port. IPv6 addresses stand without their brackets. */
export interface Address {
  /** The host; an IPv6 address without brackets. */
  readonly host: string;
  /** The port, 0 to 65,535. */
  readonly port: number;
}
