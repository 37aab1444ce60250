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

/** Federal impact statements 2010 to 2020, or null where they are absent. */
export const statementsFile: string | null = existsSync(join(dataDir, 'nepa-eis/completed_feis_2010_2020.csv.gz'))
  ? join(dataDir, 'nepa-eis/completed_feis_2010_2020.csv.gz')
  : null;

/** Why a test of the impact statements is skipped. */
export const noStatements = 'impact statements not found: set LOADSTONE_DATA to the folder that holds nepa-eis';

/** Folder of the interconnection queues, or null where it is absent. */
export const queuesDir: string | null = existsSync(join(dataDir, 'iso-queues')) ? join(dataDir, 'iso-queues') : null;

/** Why a test of the queues is skipped. */
export const noQueues = 'interconnection queues not found: set LOADSTONE_DATA to the folder that holds iso-queues';

/** JSON Schema of the NEPA and Permitting Data Standard, or null where it is absent. */
export const standardSchemaFile: string | null = existsSync(join(dataDir, 'nepa-data-standard/nepa.schema.json'))
  ? join(dataDir, 'nepa-data-standard/nepa.schema.json')
  : null;

/** Why a test of the standard is skipped. */
export const noStandard = 'the permitting standard not found: set LOADSTONE_DATA to the folder that holds nepa-data-standard';
