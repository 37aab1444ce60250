import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folders and files of one twin, all below its home. */
export interface StackPaths {
  readonly home: string;
  /** Addresses, passwords, lock and process list of the running twin. */
  readonly runDir: string;
  readonly logDir: string;
  readonly confDir: string;
  /** Data of the three servers; what `--new-world` moves away. */
  readonly natsDir: string;
  readonly temporalDir: string;
  readonly influxDir: string;
  readonly worldsDir: string;
}

/** Top folder of the checkout, from the sources as well as from `dist/`. */
export function repoDir(): string {
  const parent = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
  return parent.endsWith('/dist') ? dirname(parent) : parent;
}

/** Folder of the server programs: LOADSTONE_BIN, else `.loadstone/bin` of the checkout. */
export function programsDir(): string {
  return resolve(process.env['LOADSTONE_BIN'] ?? join(repoDir(), '.loadstone', 'bin'));
}

/** Names of everything below a home; creates nothing. */
export function pathsOf(home: string): StackPaths {
  return {
    home,
    runDir: join(home, 'run'),
    logDir: join(home, 'logs'),
    confDir: join(home, 'conf'),
    natsDir: join(home, 'nats'),
    temporalDir: join(home, 'temporal'),
    influxDir: join(home, 'influx'),
    worldsDir: join(home, 'worlds'),
  };
}

/** Creates the folders of a home, readable by their owner only. */
export function makeFolders(paths: StackPaths): void {
  for (const folder of [paths.home, paths.runDir, paths.logDir, paths.confDir, paths.natsDir, paths.temporalDir, paths.influxDir]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
}
