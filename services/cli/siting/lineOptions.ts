import { lineInputs, monthInputs, type LineInput } from '../../../shared/domain/siting/lineInputs.js';
import type { LineQuestion, Months, NewLine } from '../../../shared/domain/siting/lineStudy.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { aboveZero, fromZero, numberIn, wordIn } from '../dispatch/options.js';
import type { PlaceOptions } from './place.js';

/** Options of `siting line`, as they were written. */
export interface LineOptions extends PlaceOptions {
  readonly mw: string;
  readonly at?: string;
  readonly for?: string;
  readonly miles?: string;
  readonly lineCost?: string;
  readonly lineMonths?: string;
  readonly campusMonths?: string;
  readonly lineKind?: string;
  readonly source?: string;
  readonly cheap: string;
  readonly years: string;
  readonly seed: string;
  readonly json?: boolean;
}

/** Inputs of a study that are not in the network, each with where it is from. */
export interface LineInputs {
  readonly line: Omit<NewLine, 'miles'>;
  readonly campus: Pick<LineQuestion, 'study' | 'building'>;
  readonly lineKind: 'state' | 'interstate' | 'given';
  readonly listed: readonly { readonly name: string; readonly input: LineInput<number | Months> }[];
}

/** Inputs as asked for; a line between regions of the network is an interstate one where nothing else is said. */
export function lineInputsIn(options: LineOptions, crossesRegions: boolean): LineInputs {
  const given = <Value>(value: Value): LineInput<Value> =>
    options.source === undefined
      ? { value, evidence: 'assumed', source: 'given by hand, no source named' }
      : { value, evidence: 'calibrated', source: options.source };
  const usdPerMile = options.lineCost === undefined ? lineInputs.usdPerMile : given(numberIn('--line-cost', options.lineCost, fromZero));
  const lineMonths = options.lineMonths === undefined ? null : given(monthsIn('--line-months', options.lineMonths));
  const campusMonths = options.campusMonths === undefined ? null : given(monthsIn('--campus-months', options.campusMonths));
  const word = wordIn<'state' | 'interstate'>('--line-kind', options.lineKind ?? (crossesRegions ? 'interstate' : 'state'), [
    'state',
    'interstate',
  ]);
  const none: LineInput<Months> = { value: { kind: 'fixed', months: 0 }, evidence: 'measured', source: 'part of the above' };
  const [permits, construction]: readonly [LineInput<Months>, LineInput<Months>] =
    lineMonths !== null
      ? [lineMonths, none]
      : word === 'interstate'
        ? [monthInputs.interstate, none]
        : [monthInputs.statePermits, monthInputs.construction];
  const [study, building]: readonly [LineInput<Months>, LineInput<Months>] =
    campusMonths !== null ? [campusMonths, none] : [monthInputs.study, monthInputs.building];
  const { detourFactor, lifeYears, discountRatio } = lineInputs;
  const all: readonly { readonly name: string; readonly input: LineInput<number | Months> }[] = [
    { name: 'line, USD a mile', input: usdPerMile },
    { name: 'way of the line over the straight one', input: detourFactor },
    { name: 'life of the line, years', input: lifeYears },
    { name: 'real interest a year', input: discountRatio },
    { name: 'months of the line: permits, or all', input: permits },
    { name: 'months of the line: construction', input: construction },
    { name: 'months of the campus: study, or all', input: study },
    { name: 'months of the campus: building', input: building },
  ];
  return {
    line: {
      usdPerMile: usdPerMile.value,
      detourFactor: detourFactor.value,
      lifeYears: lifeYears.value,
      discountRatio: discountRatio.value,
      permits: permits.value,
      construction: construction.value,
    },
    campus: { study: study.value, building: building.value },
    lineKind: lineMonths === null ? word : 'given',
    listed: all.filter(({ input }) => input !== none),
  };
}

/** Months written as one number, or as LEAST,MODE,MOST. */
function monthsIn(option: string, found: string): Months {
  const numbers = found.split(',').map((part) => numberIn(option, part, fromZero));
  const [min, mode, max] = numbers;
  if (min !== undefined && numbers.length === 1) return { kind: 'fixed', months: min };
  if (min === undefined || mode === undefined || max === undefined || numbers.length > 3 || min > mode || mode > max || min === max)
    throw wrongInput(`${option}: found ${found}, allowed: months as one number, or LEAST,MODE,MOST rising`);
  return { kind: 'triangular', min, mode, max };
}

/** An input in words. */
export function valueWords(value: number | Months): string {
  if (typeof value === 'number') return String(value);
  switch (value.kind) {
    case 'fixed':
      return `${value.months}`;
    case 'triangular':
      return `${value.min} to ${value.max}, most likely ${value.mode}`;
    case 'lognormal':
      return `median ${value.median}, lognormal ${value.sigma}`;
  }
}

/** Length asked for, miles; null: from coordinates. */
export function milesIn(options: LineOptions): number | null {
  return options.miles === undefined ? null : numberIn('--miles', options.miles, aboveZero);
}
