import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Folder of the data sets: `LOADSTONE_DATA`, or beside the repository. */
export const dataDir: string = process.env['LOADSTONE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');

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

/** Folder of the measured accelerator power, or null where it is absent. */
export const powerDir: string | null = existsSync(join(dataDir, 'gpu-power/nlr-h100')) ? join(dataDir, 'gpu-power') : null;

/** Why a test of it is skipped. */
export const noPower = 'accelerator power data not found: set LOADSTONE_DATA to the folder that holds gpu-power';

/** Trace of requests to a code service, or null where it is absent. */
export const codeTrace: string | null = existsSync(join(dataDir, 'azure-llm-2023/AzureLLMInferenceTrace_code.csv'))
  ? join(dataDir, 'azure-llm-2023/AzureLLMInferenceTrace_code.csv')
  : null;

/** Why a test of it is skipped. */
export const noTrace = 'request trace not found: set LOADSTONE_DATA to the folder that holds azure-llm-2023';
/** A typical year of weather, or null where it is absent. */
export const weatherFile: string | null = existsSync(join(dataDir, 'weather-epw/USA_VA_Leesburg.Exec.epw.gz'))
  ? join(dataDir, 'weather-epw/USA_VA_Leesburg.Exec.epw.gz')
  : null;

/** Why a test of the weather is skipped. */
export const noWeather = 'weather year not found: set LOADSTONE_DATA to the folder that holds weather-epw';

/** Dips of the power of a training run, where the data is. */
export const dipsFile: string = join(dataDir, 'gpu-power/nlr-h100/derived_llama2_checkpoint_events.csv');
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
/** Hourly load of a PJM zone in local time, or null where it is absent. */
export const pjmLocalFile: string | null = existsSync(join(dataDir, 'pjm-hourly-local/AEP_hourly.csv.gz'))
  ? join(dataDir, 'pjm-hourly-local/AEP_hourly.csv.gz')
  : null;

/** Why a test of it is skipped. */
export const noPjmLocal = 'PJM load in local time not found: set LOADSTONE_DATA to the folder that holds pjm-hourly-local';

/** Events of real permit files, or null where they are absent. */
export const permitEvents: string | null = existsSync(join(dataDir, 'permit-events/events.csv'))
  ? join(dataDir, 'permit-events/events.csv')
  : null;

/** Why a test of them is skipped. */
export const noPermitEvents = 'permit events not found: set LOADSTONE_DATA to the folder that holds permit-events';

/** Folder of Epoch's data centres, or null where it is absent. */
export const epochDir: string | null = existsSync(join(dataDir, 'epoch-ai-datacenters/data_centers.csv'))
  ? join(dataDir, 'epoch-ai-datacenters')
  : null;

/** Why a test of them is skipped. */
export const noEpoch = 'Epoch data centres not found: set LOADSTONE_DATA to the folder that holds epoch-ai-datacenters';
