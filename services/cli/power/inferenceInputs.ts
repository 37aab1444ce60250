import type { Surroundings } from '../../../shared/domain/inference/campus.js';
import type { ServingNode } from '../../../shared/domain/inference/node.js';
import type { InferenceAnswer } from './inferenceAnswer.js';

/** Where every number behind the answer comes from, the weakest last. */
export function inputsOf(
  node: ServingNode,
  { besideW, pueRatio }: Surroundings,
  of: { readonly isTrace: boolean; readonly isOneService: boolean; readonly hasDay: boolean },
): InferenceAnswer['inputs'] {
  const nlr = 'runs of Llama 3 70B on four H100, Vercellino et al., arXiv 2604.07345, 2026';
  const requests = of.isTrace
    ? { input: 'requests', value: 'as in the trace', evidence: 'measured' as const, source: 'the file' }
    : { input: 'requests', value: 'drawn', evidence: 'assumed' as const, source: 'independent of each other, lognormal tokens, by seed' };
  return [
    requests,
    {
      input: 'step of writing',
      value: `${node.stepSeconds * 1e3} ms + ${node.stepSecondsPerRequest * 1e3} ms a request`,
      evidence: 'measured',
      source: `fit to the offline ${nlr}`,
    },
    {
      input: 'power of writing',
      value: `${node.floorW} W + ${node.riseW} W at ${node.kneeRequests} requests at once`,
      evidence: 'measured',
      source: `the same; accelerators and processors`,
    },
    {
      input: 'speed of reading',
      value: `${node.promptTokensPerSecond} tokens/s`,
      evidence: 'calibrated',
      source: 'Llama 2 70B on four H100, Patel et al., ISCA 2024, performance table: 7,500 to 9,000',
    },
    {
      input: 'memory',
      value: `${node.memoryTokens} tokens, ${node.slots} requests`,
      evidence: 'calibrated',
      source: 'size of the model and of the accelerators; slots as far as the steps follow a line',
    },
    { input: 'power of reading', value: `${node.promptW} W`, evidence: 'assumed', source: 'as the fullest writing' },
    {
      input: 'power of an idle node',
      value: `${node.idleW} W`,
      evidence: 'assumed',
      source: 'lowest samples of those runs: 375 to 1,275 W',
    },
    { input: 'power of a node that is off', value: `${node.offW} W`, evidence: 'assumed', source: 'its controller alone' },
    {
      input: 'speed under a cap',
      value: 'curve of `power fit`',
      evidence: 'assumed',
      source: 'training jobs on V100 and RTX 6000; how writing slows down was not measured',
    },
    { input: 'memory, fans and network', value: `${besideW} W a node that is on`, evidence: 'assumed', source: 'a fifth of a full node' },
    { input: 'cooling and losses', value: `${pueRatio} times`, evidence: 'assumed', source: 'new sites are at 1.08 to 1.25' },
    ...(of.isOneService
      ? []
      : [{ input: 'copies and pools', value: 'independent', evidence: 'assumed' as const, source: 'each begins at a drawn instant' }]),
    ...(of.hasDay ? [{ input: 'day', value: 'one wave', evidence: 'assumed' as const, source: 'the options' }] : []),
  ];
}
