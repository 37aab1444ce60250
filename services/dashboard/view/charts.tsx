import { useMemo, useState } from 'preact/hooks';
import type { SampleTable } from '../../api/viewTypes.js';
import type { DemandAhead } from './ahead.js';
import { Chart, type Curve } from './chart.js';
import { power, price, shortInstant, spaced, type Zone } from './format.js';

interface ChartData {
  readonly columns: SampleTable['columns'];
  readonly rows: SampleTable['rows'];
  readonly zone: Zone;
  readonly heightPx: number;
}

/** Order of the stack, from what runs all day to what comes and goes. */
const stackOrder = ['nuclear', 'coal', 'hydro', 'gas-cc', 'gas-ct', 'oil', 'import', 'csp', 'wind', 'solar', 'storage'] as const;

const dayMs = 24 * 3_600_000;

/** Rows of the newest day and a half, as columns by name. */
function useColumns({ columns, rows }: Pick<ChartData, 'columns' | 'rows'>) {
  return useMemo(() => {
    const lastMs = rows.at(-1)?.[0] ?? 0;
    const shown = rows.filter(([timeMs]) => (timeMs ?? 0) >= lastMs - 1.5 * dayMs);
    const column = (name: string): readonly (number | null)[] => {
      const index = columns.indexOf(name);
      return shown.map((row) => (index === -1 ? null : (row[index] ?? null)));
    };
    return { timesMs: shown.map(([timeMs]) => timeMs ?? 0), column };
  }, [columns, rows]);
}

const aheadCurves: readonly Curve[] = [
  { label: 'forecast', colour: '--ink', isDashed: true, widthPx: 1.5 },
  { label: 'one in ten is less', colour: '--quiet' },
  { label: 'one in ten is more', colour: '--quiet' },
];

/** Supply by source stacked, with demand as a line over it, and what is forecast of it in front of now. */
export function SupplyChart(props: ChartData & { readonly ahead: DemandAhead }) {
  const { ahead } = props;
  const [point, setPoint] = useState<number | null>(null);
  const { timesMs, column } = useColumns(props);
  const sources = useMemo(() => stackOrder.filter((source) => props.columns.includes(`source/${source}`)), [props.columns]);
  const curves = useMemo(
    (): readonly Curve[] => [
      // The highest sum is drawn first and the next ones over it.
      ...[...sources].reverse().map((source): Curve => ({ label: spaced(source), colour: `--src-${source}`, isFilled: true })),
      { label: 'demand', colour: '--ink', widthPx: 2 },
      ...aheadCurves,
    ],
    [sources],
  );
  const parts = sources.map((source) => column(`source/${source}`));
  const demand = column('demandMw');
  const values = useMemo(() => {
    const sums = parts.map((_part, last) =>
      timesMs.map((_time, at) => parts.slice(0, last + 1).reduce((sum, part) => sum + (part[at] ?? 0), 0)),
    );
    const later = ahead.timesMs.map(() => null);
    const before = timesMs.map(() => null);
    return [
      ...[...sums.reverse(), demand].map((curve): readonly (number | null)[] => [...curve, ...later]),
      ...[ahead.p50, ahead.p10, ahead.p90].map((curve): readonly (number | null)[] => [...before, ...curve]),
    ];
  }, [timesMs, ahead]);
  const drawnMs = useMemo(() => [...timesMs, ...ahead.timesMs], [timesMs, ahead]);
  const pointed = point !== null && point >= timesMs.length ? point - timesMs.length : null;
  const at = pointed === null ? (point ?? timesMs.length - 1) : timesMs.length - 1;
  const forecastAt = pointed ?? (ahead.timesMs.length > 0 ? 0 : null);
  return (
    <section class="card supply" aria-label="Demand and supply by source">
      <ChartHead
        title="Demand and supply"
        unit="MW"
        timeMs={point === null ? null : (drawnMs[point] ?? null)}
        zone={props.zone}
        csv={{
          name: 'supply',
          head: ['demandMw', 'forecastP50Mw', 'forecastP10Mw', 'forecastP90Mw', ...sources.map((source) => `${source}Mw`)],
          timesMs: drawnMs,
          values: [...values.slice(sources.length), ...parts],
        }}
      />
      <Chart
        curves={curves}
        values={values}
        timesMs={drawnMs}
        zone={props.zone}
        heightPx={props.heightPx}
        leastTop={100}
        onPoint={setPoint}
        label="Supply by source, stacked, and demand"
      />
      <ul class="legend">
        <li>
          <i class="line" style={{ background: 'var(--ink)' }} />
          demand <b>{power(demand[at])}</b>
        </li>
        {forecastAt !== null && (
          <li title="median of the forecast, and where eight of ten loads lie">
            <i class="line dashed" style={{ background: 'var(--ink)' }} />
            forecast <b>{power(ahead.p50[forecastAt])}</b>{' '}
            <span class="quiet">{`${power(ahead.p10[forecastAt])} to ${power(ahead.p90[forecastAt])}`}</span>
          </li>
        )}
        {sources.map((source, index) => (
          <li key={source} class={(parts[index]?.[at] ?? 0) < 0.5 ? 'quiet' : ''}>
            <i style={{ background: `var(--src-${source})` }} />
            {spaced(source)} <b>{power(parts[index]?.[at])}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

const priceColours = ['--ink', '--curve-2', '--curve-3'] as const;

/** Price of each region; regions differ in line style as well as in shade. */
export function PriceChart(props: ChartData & { readonly regions: readonly { readonly id: string; readonly name: string }[] }) {
  const [point, setPoint] = useState<number | null>(null);
  const { timesMs, column } = useColumns(props);
  const { regions } = props;
  const curves = useMemo(
    () =>
      regions.map(
        ({ name }, index): Curve => ({
          label: name,
          colour: priceColours[index % 3] ?? '--ink',
          isDashed: index % 3 === 2,
          widthPx: index % 3 === 1 ? 2.5 : 1.5,
        }),
      ),
    [regions],
  );
  const values = regions.map(({ id }) => column(`price/${id}`));
  const at = point ?? timesMs.length - 1;
  return (
    <section class="card price" aria-label="Price">
      <ChartHead
        title="Price"
        unit="$/MWh"
        timeMs={point === null ? null : (timesMs[at] ?? null)}
        zone={props.zone}
        csv={{ name: 'price', head: regions.map(({ id }) => `${id}UsdPerMwh`), timesMs, values }}
      />
      <Chart
        curves={curves}
        values={values}
        timesMs={timesMs}
        zone={props.zone}
        heightPx={props.heightPx}
        leastTop={60}
        onPoint={setPoint}
        label="Price by region"
      />
      <ul class="legend">
        {regions.map(({ id, name }, index) => (
          <li key={id}>
            <i class={`line ${index % 3 === 2 ? 'dashed' : ''}`} style={{ background: `var(${priceColours[index % 3]})` }} />
            {name} <b>{price(values[index]?.[at])}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

const reserveCurves: readonly Curve[] = [
  { label: 'available', colour: '--ink', widthPx: 1.5 },
  { label: 'required', colour: '--quiet', isDashed: true },
  { label: 'curtailed', colour: '--curve-2', widthPx: 1.5 },
];

/** Reserve against its requirement, and what wind and sun could have given more. */
export function ReserveChart(props: ChartData) {
  const [point, setPoint] = useState<number | null>(null);
  const { timesMs, column } = useColumns(props);
  const values = [column('reserveMw'), column('requirementMw'), column('curtailedMw')];
  const at = point ?? timesMs.length - 1;
  return (
    <section class="card reserves" aria-label="Reserve and curtailment">
      <ChartHead
        title="Reserve and curtailment"
        unit="MW"
        timeMs={point === null ? null : (timesMs[at] ?? null)}
        zone={props.zone}
        csv={{ name: 'reserve', head: ['reserveMw', 'requirementMw', 'curtailedMw'], timesMs, values }}
      />
      <Chart
        curves={reserveCurves}
        values={values}
        timesMs={timesMs}
        zone={props.zone}
        heightPx={props.heightPx}
        leastTop={100}
        onPoint={setPoint}
        label="Reserve, its requirement, and curtailed energy"
      />
      <ul class="legend">
        {reserveCurves.map(({ label, colour, isDashed }, index) => (
          <li key={label}>
            <i class={`line ${isDashed === true ? 'dashed' : ''}`} style={{ background: `var(${colour})` }} />
            {label} <b>{power(values[index]?.[at])}</b>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What a chart draws, as a table: one row an instant, one column a curve. */
export interface ChartTable {
  readonly name: string;
  /** Of the columns after the instant, with their units. */
  readonly head: readonly string[];
  readonly timesMs: readonly number[];
  /** [curve][instant] */
  readonly values: readonly (readonly (number | null)[])[];
}

/** The table as CSV, instants in UTC. */
export function csvOf({ head, timesMs, values }: ChartTable): string {
  const rows = timesMs.map((timeMs, at) => [new Date(timeMs).toISOString(), ...values.map((curve) => curve[at] ?? '')].join(','));
  return [['time', ...head].join(','), ...rows, ''].join('\n');
}

interface ChartHeadProps {
  readonly title: string;
  readonly unit: string;
  /** Instant the figures below the chart are of; null: now. */
  readonly timeMs: number | null;
  readonly zone: Zone;
  readonly csv: ChartTable;
}

export function ChartHead({ title, unit, timeMs, zone, csv }: ChartHeadProps) {
  const save = (): void => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([csvOf(csv)], { type: 'text/csv' }));
    link.download = `${csv.name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };
  return (
    <div class="pair">
      <h2>
        {title} <span class="quiet">{unit}</span>
      </h2>
      <span class="quiet small">
        {timeMs === null ? (
          <button type="button" class="link" onClick={save} aria-label={`${title} as CSV`}>
            CSV
          </button>
        ) : (
          shortInstant(timeMs, zone)
        )}
      </span>
    </div>
  );
}
