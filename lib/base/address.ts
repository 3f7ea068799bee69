/** An IP address and a UDP port. IPv6 addresses stand without their brackets. */
export interface Address {
  readonly host: string;
  readonly port: number;
}
