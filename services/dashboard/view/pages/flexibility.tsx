import type { LadderView, View, WorldSummary } from '../../../api/viewTypes.js';
import { money, number, power, shortInstant, spaced, type Zone } from '../format.js';
import { linkTo } from '../route.js';

interface Props {
  readonly world: WorldSummary;
  readonly view: View;
  readonly zone: Zone;
  /** A campus, to see its curtailments only. */
  readonly id: string;
}

/** Steps of a ladder, in the order they come. */
const steps = [
  ['asked', 'askedMs'],
  ['planned', 'planMs'],
  ['held', 'heldMs'],
  ['released', 'releasedMs'],
  ['resumed', 'resumedMs'],
  ['verified', 'verifiedMs'],
  ['settled', 'settledMs'],
] as const;

const shown = 40;

/** Flexibility: what each contract offers, what was asked for by whom, and each curtailment as a ladder from order to settlement. */
export function FlexibilityPage({ world, view, zone, id }: Props) {
  const ladders = Object.values(view.ladders)
    .filter(({ campus }) => id === '' || campus === id)
    .sort((a, b) => b.askedMs - a.askedMs);
  return (
    <main class="page">
      <section class="card" aria-label="Contracts">
        <h2>Contracts</h2>
        {world.contracts.length === 0 && <p class="quiet">None.</p>}
        <table>
          <tbody>
            {world.contracts.map(({ id: contract, campus, maxReductionMw, strikeUsdPerMwh }) => (
              <tr key={contract}>
                <td>
                  <b>{contract}</b>
                </td>
                <td>
                  <a href={linkTo('campuses', campus)}>{campus}</a>
                </td>
                <td class="num">up to {power(maxReductionMw)}</td>
                <td class="num">above {number(strikeUsdPerMwh)} $/MWh</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <Requests view={view} zone={zone} id={id} />
      <section class="card" aria-label="Curtailments">
        <h2>
          Curtailments{' '}
          <span class="quiet">
            {id === '' ? '' : `of ${id}; `}
            {ladders.length > shown ? `newest ${shown} of ${ladders.length}` : ladders.length}
          </span>
        </h2>
        {ladders.length === 0 && <p class="quiet">None yet.</p>}
        {ladders.slice(0, shown).map((ladder) => (
          <Ladder key={`${ladder.campus}/${ladder.firstEpoch}`} ladder={ladder} zone={zone} />
        ))}
      </section>
    </main>
  );
}

function Requests({ view, zone, id }: Pick<Props, 'view' | 'zone' | 'id'>) {
  const standing = Object.values(view.requests)
    .filter(
      ({ campus, state }) => (id === '' || campus === id || campus === 'fleet') && ['scheduled', 'active', 'extended'].includes(state),
    )
    .sort((a, b) => b.sinceMs - a.sinceMs);
  return (
    <section class="card" aria-label="Load targets that stand">
      <h2>Load targets that stand</h2>
      {standing.length === 0 && <p class="quiet">None from people or outside systems.</p>}
      <ul class="plain-list">
        {standing.map(({ request, campus, state, actor, amountMw, kind, untilTime }) => (
          <li key={`${campus}/${request}`}>
            <b>{request}</b> {campus}, {state}: {kind === 'limit' ? 'below' : 'give'} {power(amountMw)}
            {untilTime === null || untilTime === undefined ? '' : ` until ${shortInstant(Date.parse(untilTime), zone)}`},{' '}
            <span class="quiet">asked by {actor}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Ladder({ ladder, zone }: { readonly ladder: LadderView; readonly zone: Zone }) {
  const { campus, firstEpoch, reductionMw, residualMw, result, way, deliveredMwh, netUsd, settledRuns, lostAcceleratorHours } = ladder;
  return (
    <article class="ladder" data-ladder={`${campus}/${firstEpoch}`}>
      <p>
        <a href={linkTo('campuses', campus)}>
          <b>{campus}</b>
        </a>{' '}
        {power(reductionMw)}, {result}
        {residualMw > 0 && <span class="caution"> ▲ {power(residualMw)} of it not promised</span>}
        <span class="quiet small">
          {' '}
          order {firstEpoch}
          {ladder.lastEpoch > firstEpoch ? ` to ${ladder.lastEpoch}` : ''}
          {way === null ? '' : `, by ${spaced(way)}`}
        </span>
      </p>
      <ol class="rungs">
        {steps.map(([name, field]) => {
          const atMs = ladder[field];
          return (
            <li key={name} class={atMs === null ? 'quiet' : 'done'}>
              <span aria-hidden="true">{atMs === null ? '○' : '●'}</span> {name}
              <small>{atMs === null ? '' : shortInstant(atMs, zone)}</small>
            </li>
          );
        })}
      </ol>
      {settledRuns > 0 && (
        <p class="quiet small">
          delivered {number(deliveredMwh)} MWh, {number(lostAcceleratorHours)} accelerator-hours lost, net {money(netUsd)} over{' '}
          {settledRuns} runs
        </p>
      )}
    </article>
  );
}
