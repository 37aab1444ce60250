import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, megawatts, oneOf, ratio, seconds, text } from '../../../shared/events/fields.js';

const number = (unit: string, description: string) => Type.Number({ minimum: 0, unit, description });
const evidence = oneOf(['measured', 'calibrated', 'assumed'], 'Where it comes from.');
const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });

const quality = {
  withinRatio: ratio('Share of requests whose prompt begins to be read in time.'),
  waitP50Seconds: seconds('Median wait before a prompt is read.'),
  waitP99Seconds: seconds('Wait that 99 % stay below.'),
  secondsPerToken: seconds('Mean time between two written tokens of a request.'),
  secondsPerTokenP99: seconds('Time that 99 % of requests stay below.'),
};
const spread = record({ meanMw: megawatts('Mean.'), p99Mw: megawatts('99 % of seconds stay below.'), peakMw: megawatts('Of a second.') });

/** What `power inference --json` prints. */
export const inferenceAnswer = record({
  source: record({
    trace: orNull(text('File.'), 'Null: drawn by seed.'),
    firstTime: orNull(text('As the file has it.'), 'First request; null: drawn.'),
    rowsOutOfOrder: count('Put in order of time.'),
    seed: count('Of everything drawn.'),
  }),
  service: record({
    requests: count('In the period.'),
    periodSeconds: seconds('Length of the period.'),
    contextTokens: count('Read.'),
    generatedTokens: count('Written.'),
    burstiness: Type.Array(
      record({
        windowSeconds: seconds('Window.'),
        windows: count('Whole ones.'),
        peakToMean: number('1', 'Requests.'),
        dispersion: number('1', 'Variance over mean of the requests; 1 when they come independently.'),
        tokenPeakToMean: number('1', 'Tokens.'),
      }),
    ),
  }),
  target: record({ withinSeconds: seconds('Wait that is in time.'), shareRatio: ratio('Share of requests that must be.') }),
  site: record({
    copies: count('Services like this one in a pool, each begun at a drawn instant.'),
    pools: count('Of nodes.'),
    installedNodes: count('In all pools.'),
    isSized: Type.Boolean({ description: 'Whether their number was found as the fewest that keep the target at full demand.' }),
    fullMw: megawatts('Of all nodes at full work.'),
    spareNodes: count('Of the campus that make no whole pool; not in any power below.'),
  }),
  full: record({
    ...quality,
    targetKept: Type.Boolean({ description: 'At full demand with all nodes on.' }),
    requestsPerSecond: number('1/s', 'At the site.'),
    power: spread,
    busyNodesMean: number('1', 'Nodes with a request.'),
    busyNodesPeak: number('1', 'Mean over the fullest second.'),
    workNodes: number('1', 'Nodes that the work alone would fill.'),
    whPerRequest: number('Wh', 'At the site.'),
    whPerThousandTokens: number('Wh', 'Read and written.'),
  }),
  levels: Type.Array(
    record({
      demandRatio: ratio('Share of the requests.'),
      requestsPerSecond: number('1/s', 'At the site.'),
      neededNodes: count('Fewest that keep the target, or all.'),
      targetKept: Type.Boolean({ description: 'By as many.' }),
      allOnMw: megawatts('Mean with all nodes on.'),
      mustServeMw: megawatts('Mean with the others idle: the least that keeps the quality and can come back at once.'),
      othersOffMw: megawatts('Mean with the others off.'),
      freedMw: megawatts('By the others idling.'),
    }),
  ),
  ways: record({
    demandRatio: ratio('All rows serve this share of the requests.'),
    rows: Type.Array(
      record({
        way: text('all on, fewer nodes, or a cap on each node as a share of its full power.'),
        nodes: count('That serve.'),
        ...quality,
        targetKept: Type.Boolean({ description: 'Whether the target is kept.' }),
        meanMw: megawatts('Others idle.'),
        othersOffMw: megawatts('Others off.'),
        netFreedMw: Type.Number({ unit: 'MW', description: 'Less than all on; below 0 when it is more.' }),
        heldRatio: ratio('Share of the time with a request in which a cap holds a node back.'),
      }),
    ),
  }),
  day: orNull(
    record({
      leastRatio: ratio('Least demand of the day.'),
      peakHour: Type.Number({ minimum: 0, maximum: 24, description: 'Local hour of the peak.' }),
      hours: Type.Array(
        record({
          hour: count('Local hour it begins.'),
          demandRatio: ratio('In its middle.'),
          neededNodes: count('Fewest that keep the target.'),
          allOnMw: megawatts('All nodes on.'),
          mustServeMw: megawatts('Others idle.'),
          othersOffMw: megawatts('Others off.'),
        }),
      ),
      allOnMwh: number('MWh', 'Of the day.'),
      mustServeMwh: number('MWh', 'Of the day.'),
      othersOffMwh: number('MWh', 'Of the day.'),
    }),
    'Null: no shape was given.',
  ),
  idleSensitivity: Type.Array(
    record({
      idleW: number('W', 'Of a node.'),
      netFreedMw: Type.Number({ unit: 'MW', description: 'By the fewest nodes that keep the target.' }),
    }),
    { description: 'What idling frees at the level of `ways`, by what an idle node draws.' },
  ),
  evidence,
  inputs: Type.Array(record({ input: text('What.'), value: text('With its unit.'), evidence, source: text('Where from.') })),
});

export type InferenceAnswer = Static<typeof inferenceAnswer>;
