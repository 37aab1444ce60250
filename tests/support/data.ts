import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the data sets: `LOADSTONE_DATA`, or beside the repository. */
const dataDir = process.env['LOADSTONE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');

/** Folder of the RTS-GMLC data, or null when it is not on this machine; then tests on it are skipped and say so. */
export const rtsGmlcDir: string | null = existsSync(join(dataDir, 'rts-gmlc/SourceData')) ? join(dataDir, 'rts-gmlc') : null;

/** What a skipped test says. */
export const noRtsGmlc = 'RTS-GMLC data not found: set LOADSTONE_DATA to the folder that holds rts-gmlc';

/** Folder of the PGLib cases, or null when it is not on this machine. */
export const pglibDir: string | null = existsSync(join(dataDir, 'pglib-opf/baseline.csv')) ? join(dataDir, 'pglib-opf') : null;

/** What a skipped test on those cases says. */
export const noPglib = 'PGLib cases not found: set LOADSTONE_DATA to the folder that holds pglib-opf';

/** Hourly demand of balancing authorities, or null where it is absent. */
export const demandDir: string | null = existsSync(join(dataDir, 'eia930-demand')) ? join(dataDir, 'eia930-demand') : null;

/** Why a test of the demand is skipped. */
export const noDemand = 'EIA demand not found: set LOADSTONE_DATA to the folder that holds eia930-demand';

/** Hourly load of a PJM zone in local time, or null where it is absent. */
export const pjmLocalFile: string | null = existsSync(join(dataDir, 'pjm-hourly-local/AEP_hourly.csv.gz'))
  ? join(dataDir, 'pjm-hourly-local/AEP_hourly.csv.gz')
  : null;

/** Why a test of it is skipped. */
export const noPjmLocal = 'PJM load in local time not found: set LOADSTONE_DATA to the folder that holds pjm-hourly-local';
