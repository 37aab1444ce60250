import { dispatchAnswer } from './dispatch/answer.js';
import { headroomAnswer } from './headroom/answer.js';
import { fitAnswer } from './permits/answer.js';
import { replayAnswer } from './queue/answer.js';
import { flowAnswer, frequencyAnswer, screenAnswer } from './network/answers.js';

/** What commands print with --json, by the word that `schema` knows it under. */
export const answers = [
  { type: 'dispatch', summary: 'What `dispatch --json` prints.', schema: dispatchAnswer },
  { type: 'network-flow', summary: 'What `network flow --json` prints.', schema: flowAnswer },
  { type: 'network-screen', summary: 'What `network screen --json` prints.', schema: screenAnswer },
  { type: 'network-frequency', summary: 'What `network frequency --json` prints.', schema: frequencyAnswer },
  { type: 'headroom', summary: 'What `headroom --json` prints.', schema: headroomAnswer },
  { type: 'permits-fit', summary: 'What `permits fit --json` prints.', schema: fitAnswer },
  { type: 'queue-replay', summary: 'What `queue replay --json` prints.', schema: replayAnswer },
] as const;
