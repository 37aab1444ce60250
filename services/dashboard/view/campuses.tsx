import type { CampusView, SampleTable, View, WorldSummary } from '../../api/viewTypes.js';
import { number, power, price, timeOfDay, type Zone } from './format.js';
import { linkTo } from './route.js';
import { Spark } from './spark.js';

interface CampusesProps {
  readonly world: WorldSummary;
  readonly view: View;
  readonly columns: SampleTable['columns'];
  readonly rows: SampleTable['rows'];
  readonly zone: Zone;
}

/** Points of a sparkline: half a day of 5-minute ticks. */
const sparkRows = 144;

/** Each campus: power against its limit, what is asked of it, and how it went. */
export function Campuses({ world, view, columns, rows, zone }: CampusesProps) {
  const recent = rows.slice(-sparkRows);
  const column = (name: string): readonly (number | null)[] => {
    const index = columns.indexOf(name);
    return index === -1 ? [] : recent.map((row) => row[index] ?? null);
  };
  return (
    <section class="card campuses" aria-label="Campuses">
      <h2>Campuses</h2>
      {Object.entries(view.campuses).map(([id, campus]) => (
        <Campus
          key={id}
          id={id}
          name={world.campuses.find((known) => known.id === id)?.name ?? id}
          campus={campus}
          zone={zone}
          powerMw={column(`power/${id}`)}
          wantMw={column(`want/${id}`)}
        />
      ))}
      {world.contracts.length > 0 && (
        <p class="quiet small">
          {world.contracts
            .map(({ id, maxReductionMw, strikeUsdPerMwh }) => `${id}: up to ${power(maxReductionMw)} above ${price(strikeUsdPerMwh)}`)
            .join('; ')}
        </p>
      )}
    </section>
  );
}

interface CampusProps {
  readonly id: string;
  readonly name: string;
  readonly campus: CampusView;
  readonly zone: Zone;
  readonly powerMw: readonly (number | null)[];
  readonly wantMw: readonly (number | null)[];
}

function Campus({ id, name, campus, zone, powerMw, wantMw }: CampusProps) {
  const { power: drawn, limitMw } = campus;
  if (limitMw === 0 && (drawn === null || drawn.meanMw === 0)) {
    return (
      <article class="campus idle" data-campus={id}>
        <div class="pair">
          <b>{name}</b>
          <span class="quiet">{campus.region}, not connected</span>
        </div>
      </article>
    );
  }
  const targetMw = drawn?.reductionTargetMw ?? 0;
  const share = (valueMw: number): string => `${limitMw === 0 ? 0 : Math.min(100, (valueMw / limitMw) * 100)}%`;
  const ceilingMw = Math.max(0, (campus.wantMw ?? drawn?.meanMw ?? 0) - targetMw);
  return (
    <article class="campus" data-campus={id}>
      <div class="pair">
        <span>
          <a href={linkTo('campuses', id)}>
            <b>{name}</b>
          </a>{' '}
          <span class="quiet">{campus.region}</span>
        </span>
        <span class="value">
          <b>{number(drawn?.meanMw)}</b> <span class="quiet">of {power(limitMw)}</span>
        </span>
      </div>
      <div class="load" role="img" aria-label={`${name} draws ${power(drawn?.meanMw)} of ${power(limitMw)}`}>
        <i class="training" style={{ width: share(drawn?.trainingMw ?? 0) }} />
        <i class="inference" style={{ width: share(drawn?.inferenceMw ?? 0) }} />
        {targetMw > 0 && <i class="target" style={{ left: share(ceilingMw), width: share(targetMw) }} />}
      </div>
      <p class="quiet small">
        training {power(drawn?.trainingMw)}, inference {power(drawn?.inferenceMw)}
      </p>
      <Spark values={powerMw} reference={wantMw} topMw={limitMw} />
      <Asked campus={campus} zone={zone} targetMw={targetMw} />
    </article>
  );
}

function Asked({ campus, zone, targetMw }: { readonly campus: CampusView; readonly zone: Zone; readonly targetMw: number }) {
  const { target, answer, power: drawn } = campus;
  const asked = target !== null && target.reductionMw > 0;
  const missingMw = drawn?.imbalanceMw ?? 0;
  if (!asked && targetMw === 0 && missingMw < 0.5) return null;
  const until = target?.untilTime ?? null;
  return (
    <p class="asked caution">
      ▲ asked to give {power(asked ? target.reductionMw : targetMw)}
      {asked && until !== null && ` until ${timeOfDay(Date.parse(until), zone)} at the latest`}
      {answer !== null && `, ${answer.result}`}
      {missingMw >= 0.5 && <b class="bad"> ■ {power(missingMw)} not delivered</b>}
    </p>
  );
}
