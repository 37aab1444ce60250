import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { flag, megawattHours, oneOf, text } from '../../../shared/events/fields.js';

const wattHours = (description: string) => Type.Number({ unit: 'Wh', description });
const number = (description: string) => Type.Number({ description });
const tasks = (description: string) => Type.Union([Type.Number({ minimum: 0, description }), Type.Null()], { description });
const evidence = (description: string) => oneOf(['measured', 'calibrated', 'assumed'], description);
const verdict = (description: string) => oneOf(['supported', 'mixed', 'contradicted'], description);

/** What `power ledger --json` prints. */
export const ledgerAnswer = record({
  rows: Type.Array(
    record({
      name: text('Workload.'),
      task: text('What is done once.'),
      replaced: text('What it does in place of.'),
      trainingMwh: megawattHours('Once.'),
      inferenceWh: wattHours('A task.'),
      replacedWh: wattHours('A task.'),
      netSavedWh: wattHours('A task; below 0: inference takes more.'),
      breakEvenTasks: tasks('Tasks after which training is paid back; null: never.'),
      evidence: evidence('The weakest of the inputs.'),
      verdict: verdict('supported: paid back at both ends of every range, and nothing assumed; contradicted: at none; mixed: else.'),
      sensitivity: Type.Array(
        record({
          input: text('One number behind the figures.'),
          sides: Type.Array(oneOf(['training', 'inference', 'replaced'], 'Figure it stands in.')),
          unit: text('1: none.'),
          evidence: evidence('Of its value.'),
          value: number('Used.'),
          least: number('Of its range.'),
          most: number('Of its range.'),
          source: text('Of value and range.'),
          tasksAtLeast: tasks('As breakEvenTasks, with the least.'),
          tasksAtMost: tasks('With the most.'),
          turnsAt: Type.Union([Type.Number(), Type.Null()], {
            description: 'Where inference takes as much as what it replaces; null: it has no part in that.',
          }),
          isDecisive: flag('One end of the range pays back, the other never does.'),
        }),
      ),
      limits: text('What the figures leave out.'),
    }),
  ),
  verdict: verdict('Over all rows: mixed while they differ.'),
  evidence: evidence('The weakest row.'),
});

export type LedgerAnswer = Static<typeof ledgerAnswer>;
