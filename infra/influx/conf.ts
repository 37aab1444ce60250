/** What the configuration of influxd depends on. */
export interface InfluxSettings {
  readonly httpPort: number;
  /** Of its backup service, which cannot be turned off. */
  readonly rpcPort: number;
  readonly dataDir: string;
}

/** Configuration of influxd 1.x: loopback only, users required, nothing reported to anyone, no profiling door. */
export function influxConf({ httpPort, rpcPort, dataDir }: InfluxSettings): string {
  return `reporting-disabled = true
bind-address = "127.0.0.1:${rpcPort}"

[meta]
  dir = "${dataDir}/meta"
  logging-enabled = false

[data]
  dir = "${dataDir}/data"
  wal-dir = "${dataDir}/wal"
  wal-fsync-delay = "0s"
  index-version = "tsi1"
  query-log-enabled = false
  max-values-per-tag = 100000

[coordinator]
  query-timeout = "60s"
  max-concurrent-queries = 16

[monitor]
  store-enabled = false

[http]
  bind-address = "127.0.0.1:${httpPort}"
  auth-enabled = true
  log-enabled = false
  pprof-enabled = false
  max-body-size = 33554432

[logging]
  level = "warn"
  suppress-logo = true

[subscriber]
  enabled = false

[continuous_queries]
  enabled = false
`;
}
