import { useMemo, useState } from 'preact/hooks';
import type { CampusView, SampleTable, View, WorldSummary } from '../../../api/viewTypes.js';
import { Chart, type Curve } from '../chart.js';
import { ChartHead } from '../charts.js';
import { number, percent, power, price, spaced, timeOfDay, type Zone } from '../format.js';
import { linkTo } from '../route.js';
import { Order } from '../order.js';
import { Runs } from '../runs.js';

interface Props {
  readonly world: WorldSummary;
  readonly view: View;
  readonly rows: SampleTable['rows'];
  readonly zone: Zone;
  /** A campus; '' for all. */
  readonly id: string;
}

const curves: readonly Curve[] = [
  { label: 'draws', colour: '--ink', widthPx: 2 },
  { label: 'wants', colour: '--curve-2', isDashed: true },
  { label: 'limit', colour: '--caution', widthPx: 1 },
];

/** Campuses: each against its limit and what is asked of it, why it is below what it wants, its runs and their checkpoints. */
export function CampusPage({ world, view, rows, zone, id }: Props) {
  const shown = world.campuses.filter((campus) => id === '' || campus.id === id);
  return (
    <main class="page">
      {id !== '' && (
        <p>
          <a href={linkTo('campuses')}>all campuses</a>
        </p>
      )}
      {shown.length === 0 && <p class="card bad">■ There is no campus {id}.</p>}
      {shown.map((campus) => (
        <Campus key={campus.id} {...{ world, view, rows, zone, id: campus.id, name: campus.name }} />
      ))}
    </main>
  );
}

function Campus({ world, view, rows, zone, id, name }: Props & { readonly name: string }) {
  const campus = view.campuses[id];
  const [point, setPoint] = useState<number | null>(null);
  const { timesMs, values } = useMemo(() => seriesOf(world.sampleColumns, rows, id, campus?.limitMw ?? 0), [rows, campus?.limitMw]);
  if (campus === undefined) return null;
  const at = point ?? timesMs.length - 1;
  return (
    <section class="card campus-detail" aria-label={name} data-campus-detail={id}>
      <ChartHead
        title={name}
        unit="MW"
        timeMs={point === null ? null : (timesMs[point] ?? null)}
        zone={zone}
        csv={{ name: `campus-${id}`, head: curves.map(({ label }) => `${label}Mw`), timesMs, values }}
      />
      <Why campus={campus} zone={zone} id={id} />
      <Chart
        curves={curves}
        values={values}
        timesMs={timesMs}
        zone={zone}
        heightPx={180}
        leastTop={10}
        onPoint={setPoint}
        label={`Power of ${name} against what it wants and its limit`}
      />
      <ul class="legend">
        {curves.map(({ label, colour, isDashed }, index) => (
          <li key={label}>
            <i class={`line ${isDashed === true ? 'dashed' : ''}`} style={{ background: `var(${colour})` }} />
            {label} <b>{power(values[index]?.[at])}</b>
          </li>
        ))}
      </ul>
      <Contracts world={world} view={view} id={id} />
      <Runs world={world} view={view} campus={id} />
    </section>
  );
}

function seriesOf(columns: SampleTable['columns'], rows: SampleTable['rows'], id: string, limitMw: number) {
  const of = (name: string): readonly (number | null)[] => {
    const place = columns.indexOf(name);
    return rows.map((row) => (place === -1 ? null : (row[place] ?? null)));
  };
  const timesMs = rows.map(([timeMs]) => timeMs ?? 0);
  return { timesMs, values: [of(`power/${id}`), of(`want/${id}`), timesMs.map(() => limitMw)] };
}

/** Why a campus draws less than it wants, in one sentence with its cause and where to look next. */
function Why({ campus, zone, id }: { readonly campus: CampusView; readonly zone: Zone; readonly id: string }) {
  const { power: drawn, target, limitMw, wantMw, breach } = campus;
  const askedMw = drawn?.reductionTargetMw ?? 0;
  const missingMw = drawn?.imbalanceMw ?? 0;
  if (limitMw === 0) return <p class="quiet">No connection: its limit is 0 MW.</p>;
  return (
    <div class="why" data-why={id}>
      <p>
        Draws <b>{power(drawn?.meanMw)}</b> of a limit of <b>{power(limitMw)}</b>
        {wantMw === null ? '' : `, would draw ${power(wantMw)}`}.
      </p>
      {askedMw > 0 && target !== null && (
        <p class="caution">
          ▲ Capped: asked for {power(askedMw)} less because {target.reason}
          {target.untilTime === null || target.untilTime === undefined ? '' : ` until ${timeOfDay(Date.parse(target.untilTime), zone)}`}{' '}
          (load target {target.epoch}). <a href={linkTo('flexibility', id)}>every step of it</a>{' '}
          <Order action="release-campus" target={id} label="release it early" />
        </p>
      )}
      {askedMw === 0 && <p class="quiet">Nothing is asked of it.</p>}
      {missingMw >= 0.5 && <p class="bad">■ {power(missingMw)} that was asked for is not delivered.</p>}
      {breach !== null && breach.state !== 'resolved' && (
        <p class="bad">
          ■ Breach {breach.state}: {power(breach.shortMw)} short of load target {breach.epoch}, {spaced(breach.cause)}. {breach.reason}
        </p>
      )}
    </div>
  );
}

function Contracts({ world, view, id }: { readonly world: WorldSummary; readonly view: View; readonly id: string }) {
  const own = world.contracts.filter(({ campus }) => campus === id);
  const usedMw = view.campuses[id]?.power?.reductionTargetMw ?? 0;
  if (own.length === 0) return <p class="quiet small">No flexibility contract.</p>;
  const offeredMw = own.reduce((sum, { maxReductionMw }) => sum + maxReductionMw, 0);
  return (
    <p class="small">
      Flexibility: {power(usedMw)} of {power(offeredMw)} used ({percent(offeredMw > 0 ? usedMw / offeredMw : 0)});{' '}
      {own.map(({ id: contract, strikeUsdPerMwh }) => `${contract} above ${price(strikeUsdPerMwh)}`).join(', ')}.{' '}
      <span class="quiet">{number(own.length)} contracts</span>
    </p>
  );
}
