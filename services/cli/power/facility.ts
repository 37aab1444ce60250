import { facilityYear } from '../../../shared/domain/facility/year.js';
import { acceleratorsWithin, facilityPower, h100Facility, type Duty, type Facility } from '../../../shared/domain/power/facility.js';
import { acceleratorShareRatio } from '../../../shared/domain/cluster/throughput.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { decimalPattern } from '../../../shared/scenario/csv.js';
import { calendar, readEpw, type WeatherYear } from '../../../shared/scenario/epw.js';
import { printJson, printTable } from '../output.js';

/** What `power facility` is asked. */
export interface FacilityOptions {
  readonly campusMw?: string;
  readonly mw?: string;
  readonly outside: string;
  readonly cap: string;
  readonly weather?: string;
  readonly json?: boolean;
}

/** Share of facility power a paused run draws where a scenario says nothing else. Source: docs/facility.md. */
const twinPausedRatio = 0.2;
const blockSizesMw = [100, 200, 500, 1_000, 2_000] as const;
const curveC = [-20, -10, 0, 10, 15, 20, 25, 30, 35, 40, 45] as const;

/** Prints a campus of each size: its parts, its shares, its PUE by temperature and, with weather, its year. */
export async function facility(options: FacilityOptions): Promise<void> {
  const outsideC = numberOf('--outside', options.outside, [-50, 60]);
  const capRatio = numberOf('--cap', options.cap, [0, 1]);
  const sizes = sizesIn(options.campusMw ?? options.mw ?? '100');
  const weather = options.weather === undefined ? null : await readEpw(options.weather);
  const campuses = sizes.map((campusMw) => campusOf(campusMw, { outsideC, capRatio, weather }));
  if (options.json === true) {
    const [only] = campuses;
    const weatherOf = weather === null ? {} : { weather: { file: weather.file, place: weather.place, evidence: 'measured' } };
    return printJson({ evidence: 'assumed', outsideC, capRatio, ...weatherOf, ...(campuses.length === 1 ? only : {}), campuses });
  }
  for (const campus of campuses) show(campus, outsideC, weather);
}

function campusOf(campusMw: number, at: { readonly outsideC: number; readonly capRatio: number; readonly weather: WeatherYear | null }) {
  const { outsideC, capRatio, weather } = at;
  const plan: Facility = { ...h100Facility, accelerators: acceleratorsWithin(h100Facility, campusMw, outsideC) };
  if (plan.accelerators === 0) throw wrongInput(`--campus-mw: found ${campusMw}, allowed: enough for one accelerator`);
  const duties: readonly (readonly [string, Duty])[] = [
    ['full', { kind: 'work', capRatio: 1 }],
    ['capped', { kind: 'work', capRatio }],
    ['paused', { kind: 'idle' }],
  ];
  const states = duties.map(([duty, what]) => ({ duty, ...facilityPower(plan, what, outsideC) }));
  const [full, capped, paused] = states;
  const fullMw = full?.campusMw ?? 1;
  return {
    campusMw,
    accelerators: plan.accelerators,
    states,
    shares: {
      pausedRatio: (paused?.campusMw ?? 0) / fullMw,
      acceleratorsRatio: (full?.acceleratorsMw ?? 0) / fullMw,
      // What a cap takes off the campus over what it takes off the accelerators: losses and cooling follow. The twin's 0.60 is this one.
      capEffectRatio: capRatio < 1 ? (fullMw - (capped?.campusMw ?? 0)) / fullMw / (1 - capRatio) : null,
      twinPausedRatio,
      twinCapEffectRatio: acceleratorShareRatio,
    },
    curve: curveC.map((celsius) => {
      const { pueRatio, campusMw: drawnMw, coolingMw } = facilityPower(plan, { kind: 'work', capRatio: 1 }, celsius);
      return { outsideC: celsius, pueRatio, coolingMw, campusMw: drawnMw };
    }),
    ...(weather === null ? {} : { year: yearOf(plan, campusMw, weather.outsideC) }),
  };
}

function yearOf(plan: Facility, campusMw: number, outsideC: Float64Array) {
  const { hottest, ...year } = facilityYear(plan, campusMw, outsideC);
  const [month, day, hourEnding] = calendar(outsideC.length === 8_784)[hottest.hour] ?? [0, 0, 0];
  return { ...year, hottest: { month, day, hourEnding, ...hottest } };
}

function show(campus: ReturnType<typeof campusOf>, outsideC: number, weather: WeatherYear | null): void {
  const { shares, year } = campus;
  process.stdout.write(
    `${campus.campusMw} MW: ${campus.accelerators} accelerators, ${outsideC} C outside (assumed facility, docs/facility.md)\n`,
  );
  printTable(campus.states.map(rounded), '');
  process.stdout.write(
    `\npaused ${shares.pausedRatio.toFixed(3)} of full power (runs of the twin: ${shares.twinPausedRatio}); accelerators ` +
      `${shares.acceleratorsRatio.toFixed(3)}, a cap takes off ${shares.capEffectRatio?.toFixed(3) ?? '-'} of its share ` +
      `(${shares.twinCapEffectRatio})\n\n`,
  );
  printTable(campus.curve.map(rounded), '');
  if (year !== undefined) {
    const { hottest } = year;
    process.stdout.write(
      `\n${weather?.place ?? ''}, ${year.hours} h: mean ${year.meanOutsideC.toFixed(1)} C, mean PUE ${year.meanPueRatio.toFixed(3)}, ` +
        `cooling ${Math.round(year.coolingMwh)} MWh\n` +
        `hottest hour ${hottest.month}/${hottest.day} ${hottest.hourEnding}:00, ${hottest.outsideC} C: PUE ${hottest.pueRatio.toFixed(3)}, ` +
        `would draw ${hottest.wantMw.toFixed(1)} MW; ${hottest.lostMw.toFixed(1)} MW of accelerators given up, ` +
        `${(100 * hottest.lostThroughputRatio).toFixed(2)} % of throughput\n` +
        `${year.hoursAboveLimit} h above ${campus.campusMw} MW, ${Math.round(year.lostMwh)} MWh of accelerators given up\n`,
    );
  }
  process.stdout.write('\n');
}

function rounded(row: Readonly<Record<string, string | number>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'number' && name !== 'outsideC' ? value.toFixed(3) : value]),
  );
}

/** Sizes as one number, several with commas, or `100..2000`: the usual blocks in that span. */
function sizesIn(text: string): readonly number[] {
  const [from, to, ...more] = text.split('..');
  if (to === undefined) return text.split(',').map((part) => numberOf('--campus-mw', part, [0.1, 10_000]));
  const [leastMw, mostMw] = [numberOf('--campus-mw', from ?? '', [0.1, 10_000]), numberOf('--campus-mw', to, [0.1, 10_000])];
  const sizes = blockSizesMw.filter((mw) => mw >= leastMw && mw <= mostMw);
  if (more.length > 0 || sizes.length === 0)
    throw wrongInput(
      `--campus-mw: found ${JSON.stringify(text)}, allowed: MW, MW,MW or a span that holds one of ${blockSizesMw.join(', ')}`,
    );
  return sizes;
}

/**
 * An option as a number between two bounds.
 * @throws TWIN_WRONG_INPUT naming the option.
 */
export function numberOf(name: string, text: string, [least, most]: readonly [number, number]): number {
  const value = decimalPattern.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw wrongInput(`${name}: found ${JSON.stringify(text)}, allowed: a number from ${least} to ${most}`);
  return value;
}
