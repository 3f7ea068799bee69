/** A server of the demo. */
export interface DemoServer {
  /** The server's number. */
  readonly number: number;
  /** The server's main address. */
  readonly ip: string;
  /** The valor of its node. */
  readonly valor: number;
}

/** An imitation of a provider, with the address that the demo is about. */
export interface Stage extends AsyncDisposable {
  /** The address. */
  readonly address: string;
  /** The provider's name and URL, in a sentence: `the Robot is at http://…`. */
  readonly place: string;
  /** Whether the address points to a server. */
  isAt(server: DemoServer): boolean;
  /** The action of the lord hook that moves the address to a server. */
  action(server: DemoServer): string;
}

/** Prints an event, as `Timeline` does. */
export type Tell = (who: string, what: string) => void;
