import { weakest, type Evidence } from './evidence.js';

/** One number behind a figure, with the range it may lie in. */
export interface Input {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly evidence: Evidence;
  readonly source: string;
}

/** A figure as the product of its inputs and a factor between units. */
export interface Figure {
  readonly inputs: readonly Input[];
  readonly scale: number;
}

/** A task that a trained model does in place of an older computation. */
export interface Workload {
  readonly name: string;
  /** What is done once. */
  readonly task: string;
  readonly replaced: string;
  readonly trainingMwh: Figure;
  readonly inferenceWh: Figure;
  readonly replacedWh: Figure;
  /** What the figures leave out. */
  readonly limits: string;
}

/** Which of the three figures of a workload. */
export type Side = 'training' | 'inference' | 'replaced';

/** What one input does to the answer when the others stay; it may stand in several figures. */
export interface Sensitivity {
  readonly input: string;
  readonly sides: readonly Side[];
  readonly unit: string;
  readonly evidence: Evidence;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly source: string;
  /** Tasks after which training is paid back, at either end of the range; null: never. */
  readonly tasksAtLeast: number | null;
  readonly tasksAtMost: number | null;
  /** Where inference takes as much as what it replaces; null: the input does not bear on that. */
  readonly turnsAt: number | null;
  /** Whether one end of the range pays back and the other never does. */
  readonly isDecisive: boolean;
}

/** Whether trained inference uses less, as far as the figures can say. */
export type Verdict = 'supported' | 'mixed' | 'contradicted';

/** The ledger of one workload. */
export interface LedgerRow {
  readonly name: string;
  readonly task: string;
  readonly replaced: string;
  readonly trainingMwh: number;
  readonly inferenceWh: number;
  readonly replacedWh: number;
  /** Negative: inference takes more than what it replaces. */
  readonly netSavedWh: number;
  /** Tasks after which training is paid back: N = training / (replaced - inference); null: never. */
  readonly breakEvenTasks: number | null;
  readonly evidence: Evidence;
  readonly verdict: Verdict;
  readonly sensitivity: readonly Sensitivity[];
  readonly limits: string;
}

interface Change {
  readonly input: Input;
  readonly value: number;
}

/** Value of a figure; `change` puts another value in place of one input. */
export function valueOf(figure: Figure, change: Change | null = null): number {
  return figure.inputs.reduce(
    (product, input) => product * (change !== null && input === change.input ? change.value : input.value),
    figure.scale,
  );
}

/** Tasks after which training is paid back, or null when a task saves nothing. */
export function breakEven(of: { readonly trainingMwh: number; readonly inferenceWh: number; readonly replacedWh: number }): number | null {
  const savedWh = of.replacedWh - of.inferenceWh;
  return savedWh > 0 ? (of.trainingMwh * 1e6) / savedWh : null;
}

/**
 * The ledger of a workload. `supported`: paid back at both ends of every input's range, and no input is merely assumed; `contradicted`:
 * paid back at none; `mixed`: anything between, and whatever would be supported by assumed inputs.
 */
export function ledgerRow(workload: Workload): LedgerRow {
  const inputs = [...new Set(sidesOf(workload).flatMap(([, figure]) => figure.inputs))];
  const sensitivity = inputs.map((input) => sensitivityOf(workload, input));
  const evidence = weakest(inputs.map((input) => input.evidence));
  const values = valuesOf(workload, null);
  const breakEvenTasks = breakEven(values);
  const counts = [breakEvenTasks, ...sensitivity.flatMap(({ tasksAtLeast, tasksAtMost }) => [tasksAtLeast, tasksAtMost])];
  return {
    name: workload.name,
    task: workload.task,
    replaced: workload.replaced,
    ...values,
    netSavedWh: values.replacedWh - values.inferenceWh,
    breakEvenTasks,
    evidence,
    verdict: verdictOf(counts, evidence),
    sensitivity,
    limits: workload.limits,
  };
}

function verdictOf(counts: readonly (number | null)[], evidence: Evidence): Verdict {
  if (counts.every((count) => count === null)) return 'contradicted';
  return counts.every((count) => count !== null) && evidence !== 'assumed' ? 'supported' : 'mixed';
}

function sidesOf({ trainingMwh, inferenceWh, replacedWh }: Workload): readonly (readonly [Side, Figure])[] {
  return [
    ['training', trainingMwh],
    ['inference', inferenceWh],
    ['replaced', replacedWh],
  ];
}

function valuesOf({ trainingMwh, inferenceWh, replacedWh }: Workload, change: Change | null) {
  return {
    trainingMwh: valueOf(trainingMwh, change),
    inferenceWh: valueOf(inferenceWh, change),
    replacedWh: valueOf(replacedWh, change),
  };
}

function sensitivityOf(workload: Workload, input: Input): Sensitivity {
  const sides = sidesOf(workload).flatMap(([side, figure]) => (figure.inputs.includes(input) ? [side] : []));
  const [tasksAtLeast, tasksAtMost] = [input.least, input.most].map((value) => breakEven(valuesOf(workload, { input, value })));
  const atLeast = tasksAtLeast ?? null;
  const atMost = tasksAtMost ?? null;
  return {
    input: input.name,
    sides,
    unit: input.unit,
    evidence: input.evidence,
    value: input.value,
    least: input.least,
    most: input.most,
    source: input.source,
    tasksAtLeast: atLeast,
    tasksAtMost: atMost,
    turnsAt: turnOf(workload, input, sides),
    isDecisive: (atLeast === null) !== (atMost === null),
  };
}

/** An input of one side moves that side in proportion; one of both moves them together. */
function turnOf(workload: Workload, input: Input, sides: readonly Side[]): number | null {
  const { inferenceWh, replacedWh } = valuesOf(workload, null);
  if (sides.includes('inference') === sides.includes('replaced')) return null;
  const [own, other] = sides.includes('inference') ? [inferenceWh, replacedWh] : [replacedWh, inferenceWh];
  return own === 0 ? null : (input.value * other) / own;
}

/** The claim over all workloads: supported or contradicted when every row is, else mixed. */
export function overallVerdict(rows: readonly Pick<LedgerRow, 'verdict'>[]): Verdict {
  for (const verdict of ['supported', 'contradicted'] as const) if (rows.every((row) => row.verdict === verdict)) return verdict;
  return 'mixed';
}
