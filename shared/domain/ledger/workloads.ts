import type { Evidence } from './evidence.js';
import type { Figure, Input, Workload } from './ledger.js';

function figure(scale: number, ...inputs: readonly Input[]): Figure {
  return { inputs, scale };
}

const siteFactor: Input = {
  name: 'site over its servers',
  unit: '1',
  value: 1.1,
  least: 1.08,
  most: 1.25,
  evidence: 'calibrated',
  source: 'published by one operator for its fleet; new sites are at 1.08 to 1.25',
};

/** Training of a large language model, MWh: hours of its accelerators times their power with servers and site. */
const languageTrainingMwh = figure(
  1e-3,
  {
    name: 'accelerator hours of training',
    unit: 'h',
    value: 30.84e6,
    least: 2.79e6,
    most: 39.3e6,
    evidence: 'calibrated',
    source: 'model card of Llama 3.1 405B, 2024; least: DeepSeek-V3, 2024; most: all models of Llama 3.1',
  },
  {
    name: 'power of an accelerator in training',
    unit: 'kW',
    value: 0.83,
    least: 0.65,
    most: 1.28,
    evidence: 'measured',
    source: '24 measured MLPerf runs with their servers (`power fit`); most: 8.4 to 10.2 kW for eight H100',
  },
  siteFactor,
);

const webSearch: Input = {
  name: 'energy of a web search',
  unit: 'Wh',
  value: 0.3,
  least: 0.03,
  most: 0.3,
  evidence: 'calibrated',
  source: 'Google, 2009, and none since; least: a tenth of it, assumed',
};

const deviceW: Input = {
  name: 'power of a device',
  unit: 'W',
  value: 192,
  least: 96,
  most: 400,
  evidence: 'calibrated',
  source: 'most that a TPU v4 draws, by its documentation; range, assumed: half of it, and with its share of a server',
};

const forecastMinutes: Input = {
  name: 'minutes of a forecast',
  unit: 'min',
  value: 1,
  least: 0.5,
  most: 3,
  evidence: 'calibrated',
  source: 'below a minute on one TPU v4 (Lam et al., Science 2023); 3 minutes for AIFS in operation',
};

/** The four workloads of the claim, with what is published about them. */
export const workloads: readonly Workload[] = [
  {
    name: 'weather',
    task: 'a ten-day global forecast',
    replaced: 'the same by a model of physics on a supercomputer',
    trainingMwh: figure(
      1e-6,
      {
        name: 'device hours of training',
        unit: 'h',
        value: 21_504,
        least: 10_752,
        most: 43_008,
        evidence: 'calibrated',
        source: 'about four weeks on 32 TPU v4 (Lam et al., Science 2023); range: half and double, assumed',
      },
      deviceW,
      siteFactor,
    ),
    inferenceWh: figure(1 / 60, forecastMinutes, deviceW, siteFactor),
    replacedWh: figure(1 / 60, forecastMinutes, deviceW, siteFactor, {
      name: 'energy of physics over that of inference',
      unit: '1',
      value: 1_000,
      least: 100,
      most: 10_000,
      evidence: 'calibrated',
      source: 'ECMWF of its own AIFS in operation, February 2025: about 1,000; range: a tenth and ten times, assumed',
    }),
    limits: 'physics still makes the state a forecast starts from, and resolves more; what is replaced is the forecast alone',
  },
  {
    name: 'chat',
    task: 'a typical chat prompt',
    replaced: 'a web search',
    trainingMwh: languageTrainingMwh,
    inferenceWh: figure(1, {
      name: 'energy of a prompt',
      unit: 'Wh',
      value: 0.3,
      least: 0.24,
      most: 0.34,
      evidence: 'calibrated',
      source: 'Epoch AI, 2025; least: Google for Gemini, May 2025, text only; most: OpenAI, 2025',
    }),
    replacedWh: figure(1, webSearch),
    limits: 'a prompt and a search do not answer the same question; answers with reasoning take more',
  },
  {
    name: 'long-prompt',
    task: 'a prompt of 100,000 tokens',
    replaced: 'a search for the passage',
    trainingMwh: languageTrainingMwh,
    inferenceWh: figure(1, {
      name: 'energy of a prompt',
      unit: 'Wh',
      value: 40,
      least: 2.5,
      most: 40,
      evidence: 'calibrated',
      source: 'Epoch AI, 2025; least: a prompt of 10,000 tokens',
    }),
    replacedWh: figure(1, webSearch, {
      name: 'searches for a prompt',
      unit: '1',
      value: 1,
      least: 1,
      most: 10,
      evidence: 'assumed',
      source: 'one passage is looked for; most: ten',
    }),
    limits: 'hours of reading by a person are no computation and are not counted',
  },
  {
    name: 'code',
    task: 'a programming task with an assistant',
    replaced: 'the hours of a computer that it saves',
    trainingMwh: languageTrainingMwh,
    inferenceWh: figure(
      1,
      {
        name: 'requests for a task',
        unit: '1',
        value: 100,
        least: 30,
        most: 300,
        evidence: 'assumed',
        source: 'one or two a minute; no published count was found',
      },
      {
        name: 'energy of a request',
        unit: 'Wh',
        value: 0.41,
        least: 0.3,
        most: 2.2,
        evidence: 'calibrated',
        source: '`power inference` on the recorded code service: 32 services a pool; most: one service on nodes of its own',
      },
    ),
    replacedWh: figure(
      1 / 60,
      {
        name: 'minutes saved',
        unit: 'min',
        value: 89.7,
        least: -13.5,
        most: 89.7,
        evidence: 'calibrated',
        source: 'Peng et al., 2023: 160.9 to 71.2 minutes, 95 programmers; least: 19 % longer (METR, 2025)',
      },
      {
        name: 'power of a computer with its screen',
        unit: 'W',
        value: 50,
        least: 25,
        most: 150,
        evidence: 'assumed',
        source: 'a laptop with a screen; most: a workstation',
      },
    ),
    limits: 'whole problems solved by GPT-4 took 5 to 19 times the emissions of the computer of a person (Scientific Reports, 2025)',
  },
];

/** Figures that a person puts in place of those above. */
export interface Given {
  readonly trainingMwh?: number;
  readonly inferenceWh?: number;
  readonly replacedWh?: number;
  readonly evidence: Evidence;
  readonly source: string;
}

/** A workload with some figures given as one number each, without a range. */
export function withGiven(workload: Workload, given: Given): Workload {
  const one = (name: string, unit: string, value: number): Figure =>
    figure(1, { name, unit, value, least: value, most: value, evidence: given.evidence, source: given.source });
  return {
    ...workload,
    ...(given.trainingMwh === undefined ? {} : { trainingMwh: one('energy of training', 'MWh', given.trainingMwh) }),
    ...(given.inferenceWh === undefined ? {} : { inferenceWh: one('energy of a task', 'Wh', given.inferenceWh) }),
    ...(given.replacedWh === undefined ? {} : { replacedWh: one('energy of what is replaced', 'Wh', given.replacedWh) }),
  };
}
