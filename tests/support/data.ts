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

/** Folder of Epoch's data centres, or null where it is absent. */
export const epochDir: string | null = existsSync(join(dataDir, 'epoch-ai-datacenters/data_centers.csv'))
  ? join(dataDir, 'epoch-ai-datacenters')
  : null;

/** Why a test of them is skipped. */
export const noEpoch = 'Epoch data centres not found: set LOADSTONE_DATA to the folder that holds epoch-ai-datacenters';
