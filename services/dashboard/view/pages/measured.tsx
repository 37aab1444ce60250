import type { View, WorldSummary } from '../../../api/viewTypes.js';
import { power } from '../format.js';

/** Regions whose load is that of a real place: what was measured last, and how far it was from what the twin expected of it. */
export function Measured({ world, view }: { readonly world: WorldSummary; readonly view: View }) {
  const mirrored = world.regions.filter(({ id }) => (view.regions[id]?.measured ?? null) !== null);
  if (mirrored.length === 0) return null;
  return (
    <section class="card" aria-label="Measured loads">
      <h2>
        Measured loads <span class="quiet">of real places; the twin follows them by gain and bias</span>
      </h2>
      <table>
        <thead>
          <tr>
            <th>region</th>
            <th>source</th>
            <th>until</th>
            {['measured', 'expected', 'error', 'usual error', 'gain', 'bias'].map((name) => (
              <th key={name} class="num">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {mirrored.map(({ id, name }) => {
            const { measured = null, divergence = null } = view.regions[id] ?? {};
            return (
              <tr key={id} data-measured={id} class={divergence?.isDivergent === true ? 'bad' : ''}>
                <td>
                  <b>{name}</b>
                </td>
                <td>{measured?.source}</td>
                <td>{`${measured?.toTime.slice(0, 16).replace('T', ' ')}Z`}</td>
                <td class="num">{measured?.demandMw === null ? `▲ ${measured.verdict}` : power(measured?.demandMw)}</td>
                <td class="num">{power(divergence?.expectedMw)}</td>
                <td class="num">
                  {divergence?.isDivergent === true ? '▲ ' : ''}
                  {power(divergence?.errorMw)}
                </td>
                <td class="num">{power(divergence?.usualErrorMw)}</td>
                <td class="num">{divergence?.gainRatio.toFixed(3)}</td>
                <td class="num">{power(divergence?.biasMw)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
