import type { Twin } from '../connection.js';
import { age, number, rate, shortInstant, type Zone } from '../format.js';
import type { Freshness } from '../freshness.js';
import { Tail } from '../tail.js';

interface Props {
  readonly twin: Twin;
  readonly zone: Zone;
  readonly freshness: Freshness;
}

/** Streams: how old what is shown is, how far the page is behind, what is wrong with the processes, and the facts as they come. */
export function StreamsPage({ twin, zone, freshness }: Props) {
  const { view, pulse } = twin;
  const { mark, closed, rate: asked } = view.system;
  const conditions = Object.entries(view.conditions).sort(([, a], [, b]) => Number(b.active) - Number(a.active) || b.sinceMs - a.sinceMs);
  return (
    <main class="page">
      <section class="card" aria-label="The stream">
        <h2>The stream</h2>
        <table>
          <tbody>
            <Row name="age of the newest mark" value={age(freshness.ageMs)} isOdd={freshness.isStale} />
            <Row name="facts still to be read" value={number(pulse.behind)} isOdd={pulse.behind > 500} />
            <Row name="tick" value={`${number(mark?.tick)}, phase ${number(mark?.phase)}`} />
            <Row name="newest tick that is closed" value={number(closed?.tick)} />
            <Row
              name="missing in it"
              value={closed === null || closed.missing.length === 0 ? 'nobody' : closed.missing.join(', ')}
              isOdd={(closed?.missing.length ?? 0) > 0}
            />
            <Row name="pace asked for" value={asked === null ? '–' : asked.mode === 'rate' ? rate(asked.rate) : asked.mode} />
            <Row name="pace kept" value={rate(pulse.achievedRate)} />
          </tbody>
        </table>
      </section>
      <section class="card" aria-label="Conditions of the platform">
        <h2>Conditions of the platform</h2>
        {conditions.length === 0 && <p class="quiet">None since the start.</p>}
        <ul class="plain-list">
          {conditions.map(([id, { component, condition, detail, active, sinceMs }]) => (
            <li key={id} class={active ? 'caution' : 'quiet'}>
              {active ? '▲' : '✓'} <b>{component}</b> {condition}: {detail} <small>since {shortInstant(sinceMs, zone)}</small>
            </li>
          ))}
        </ul>
      </section>
      <Tail entries={twin.tail} zone={zone} />
    </main>
  );
}

function Row({ name, value, isOdd = false }: { readonly name: string; readonly value: string; readonly isOdd?: boolean }) {
  return (
    <tr class={isOdd ? 'caution' : ''}>
      <td>{name}</td>
      <td class="num">
        {isOdd ? '▲ ' : ''}
        {value}
      </td>
    </tr>
  );
}
