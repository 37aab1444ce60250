import { dispatchAnswer } from './dispatch/answer.js';
import { backtestAnswer } from './forecast/answer.js';
import { headroomAnswer } from './headroom/answer.js';
import { flowAnswer, frequencyAnswer, screenAnswer } from './network/answers.js';

/** What commands print with --json, by the word that `schema` knows it under. */
export const answers = [
  { type: 'dispatch', summary: 'What `dispatch --json` prints.', schema: dispatchAnswer },
  { type: 'network-flow', summary: 'What `network flow --json` prints.', schema: flowAnswer },
  { type: 'network-screen', summary: 'What `network screen --json` prints.', schema: screenAnswer },
  { type: 'network-frequency', summary: 'What `network frequency --json` prints.', schema: frequencyAnswer },
  { type: 'headroom', summary: 'What `headroom --json` prints.', schema: headroomAnswer },
  { type: 'forecast-backtest', summary: 'What `forecast backtest --json` prints.', schema: backtestAnswer },
] as const;
