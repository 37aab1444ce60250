/** One measured figure, as `bench` prints it. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, and how many times longer that took. */
  readonly peer?: string;
  readonly ratio?: number;
}

/** What a person may set about a benchmark. */
export interface BenchOptions {
  /** Wall seconds of each measurement of the running twin. */
  readonly seconds: number;
  readonly data?: string | undefined;
  /** Virtual environment with the peers' packages, and the folder of their scripts. */
  readonly peers?: string | undefined;
  readonly peerScripts?: string | undefined;
  /** Size of the fleet, and how many days of it. */
  readonly campuses: number;
  readonly runs: number;
  readonly days: number;
  /** How often nats-server writes to disk: `100ms`, or `always`, before each answer. */
  readonly sync: '100ms' | 'always';
  /** The long measurements too. */
  readonly isFull: boolean;
}
