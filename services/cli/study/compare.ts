import { metricCatalogue } from '../../../shared/domain/study/catalogue.js';
import { cellsOf } from '../../../shared/domain/study/cells.js';
import { differencesOf, type Difference } from '../../../shared/domain/study/pairs.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { printJson, printTable } from '../output.js';
import type { CompareAnswer } from './answer.js';
import { readFinished, readManifest } from './folder.js';
import { differingInputs } from './manifest.js';
import { evidenceOf } from './results.js';

/** Compares two result folders, cell by cell of the same variant, axes, draw and seed. */
export async function compareStudies(first: string, second: string, options: { readonly json: boolean }): Promise<void> {
  const manifests = [await readManifest(first), await readManifest(second)] as const;
  const [own, other] = [await readFinished(first), await readFinished(second)];
  const weights = new Map(cellsOf(manifests[0].study).map(({ key, weight }) => [key, weight]));
  const differences = differencesOf(own, other, (key) => weights.get(key) ?? 1);
  if (differences.length === 0)
    throw wrongInput(`${second}: found no finished cell with a partner in ${first}, allowed: studies that share variants, axes and seeds`);
  const [keys, otherKeys] = [new Set(own.map(({ key }) => key)), new Set(other.map(({ key }) => key))];
  const words = manifests.map(({ study }) => evidenceOf(study).word);
  const answer: CompareAnswer = {
    first,
    second,
    evidence: words.includes('assumed') ? 'assumed' : 'calibrated',
    inputs: differingInputs(...manifests).map(({ field, first: from, second: to }) => ({ field, first: from ?? null, second: to ?? null })),
    unpaired: {
      first: own.filter(({ key }) => !otherKeys.has(key)).length,
      second: other.filter(({ key }) => !keys.has(key)).length,
    },
    differences: differences.map(toldOf),
  };
  if (options.json) printJson(answer);
  else show(answer);
}

function toldOf({ group, column, pairs, meanFirst, meanSecond, difference }: Difference): CompareAnswer['differences'][number] {
  const { mean: meanDifference, low, high } = difference;
  return { group, column, unit: unitOf(column), pairs, meanFirst, meanSecond, meanDifference, low, high };
}

function unitOf(column: string): string {
  return metricCatalogue.find(({ id }) => id === column.split('.')[0])?.unit ?? '';
}

function show(answer: CompareAnswer): void {
  const { inputs, unpaired, differences, evidence } = answer;
  const differing = differences.filter(({ meanDifference, low, high }) => meanDifference !== 0 || low !== high);
  const lines = [
    `inputs that differ: ${inputs.length === 0 ? 'none' : ''}`,
    ...inputs.map((input) => `  ${input.field}: ${shown(input.first)} | ${shown(input.second)}`),
    ...(unpaired.first + unpaired.second > 0
      ? [`without a partner: ${unpaired.first} of the first, ${unpaired.second} of the second`]
      : []),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  printTable(
    differing.map((each) => ({
      group: each.group,
      column: each.column,
      unit: each.unit,
      pairs: each.pairs,
      first: digits(each.meanFirst),
      second: digits(each.meanSecond),
      difference: digits(each.meanDifference),
      '95 %': each.low === null || each.high === null ? '-' : `${digits(each.low)} to ${digits(each.high)}`,
    })),
    'no column differs',
  );
  process.stdout.write(`\n${differences.length - differing.length} figures are the same in every pair; evidence: ${evidence}\n`);
}

function shown(value: unknown): string {
  return value === null ? 'absent' : JSON.stringify(value);
}

/** Six digits for people. */
function digits(value: number): number {
  return Number(value.toPrecision(6));
}
