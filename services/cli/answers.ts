import { claimsAnswer } from './claims/answer.js';
import { dispatchAnswer } from './dispatch/answer.js';
import { backtestAnswer } from './forecast/answer.js';
import { growthAnswer } from './growth/answer.js';
import { headroomAnswer } from './headroom/answer.js';
import { fleetAnswer, moveAnswer, moveTableAnswer } from './training/moveAnswer.js';
import { inferenceAnswer } from './power/inferenceAnswer.js';
import { calibrationAnswer, experimentAnswer } from './process/answers.js';
import { ledgerAnswer } from './power/ledgerAnswer.js';
import { fitAnswer } from './permits/answer.js';
import { replayAnswer } from './queue/answer.js';
import { gapAnswer } from './queue/gapAnswer.js';
import { compareAnswer, dryRunAnswer, runAnswer, studyStanding } from './study/answer.js';
import { flowAnswer, frequencyAnswer, screenAnswer } from './network/answers.js';
import { lineAnswer } from './siting/lineAnswer.js';
import { rankAnswer } from './siting/rankAnswer.js';
import { siteTestAnswer } from './siting/testAnswer.js';
import { uptimeAnswer } from './training/uptimeAnswer.js';

/** What commands print with --json, by the word that `schema` knows it under. */
export const answers = [
  { type: 'dispatch', summary: 'What `dispatch --json` prints.', schema: dispatchAnswer },
  { type: 'network-flow', summary: 'What `network flow --json` prints.', schema: flowAnswer },
  { type: 'network-screen', summary: 'What `network screen --json` prints.', schema: screenAnswer },
  { type: 'network-frequency', summary: 'What `network frequency --json` prints.', schema: frequencyAnswer },
  { type: 'headroom', summary: 'What `headroom --json` prints.', schema: headroomAnswer },
  { type: 'training-move', summary: 'What `training move --json` prints.', schema: moveAnswer },
  { type: 'training-move-table', summary: 'What `training move --table --json` prints.', schema: moveTableAnswer },
  { type: 'training-fleet', summary: 'What `training curtail fleet --dry-run --json` prints.', schema: fleetAnswer },
  { type: 'power-inference', summary: 'What `power inference --json` prints.', schema: inferenceAnswer },
  { type: 'power-ledger', summary: 'What `power ledger --json` prints.', schema: ledgerAnswer },
  { type: 'training-uptime', summary: 'What `training uptime --json` prints.', schema: uptimeAnswer },
  { type: 'permits-fit', summary: 'What `permits fit --json` prints.', schema: fitAnswer },
  { type: 'queue-replay', summary: 'What `queue replay --json` prints.', schema: replayAnswer },
  { type: 'claims', summary: 'What `claims --json` prints.', schema: claimsAnswer },
  { type: 'growth', summary: 'What `growth --json` prints.', schema: growthAnswer },
  { type: 'queue-gap', summary: 'What `queue gap --json` prints.', schema: gapAnswer },
  { type: 'forecast-backtest', summary: 'What `forecast backtest --json` prints.', schema: backtestAnswer },
  { type: 'permit-experiment', summary: 'What `permit experiment --json` prints.', schema: experimentAnswer },
  { type: 'permit-calibration', summary: 'What `permit calibrate --json` prints.', schema: calibrationAnswer },
  { type: 'siting-rank', summary: 'What `siting rank --json` prints.', schema: rankAnswer },
  { type: 'siting-test', summary: 'What `siting test --json` prints.', schema: siteTestAnswer },
  { type: 'siting-line', summary: 'What `siting line --json` prints.', schema: lineAnswer },
  { type: 'study-run', summary: 'What `study run --json` prints.', schema: runAnswer },
  { type: 'study-dry-run', summary: 'What `study run --dry-run --json` prints.', schema: dryRunAnswer },
  { type: 'study-status', summary: 'One entry of what `study status --json` prints.', schema: studyStanding },
  { type: 'study-compare', summary: 'What `study compare --json` prints.', schema: compareAnswer },
] as const;
