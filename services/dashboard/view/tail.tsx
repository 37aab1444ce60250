import { useState } from 'preact/hooks';
import type { TailEntry } from '../../api/viewTypes.js';
import { sendIntent } from './connection.js';
import { date, shortInstant, timeOfDay, type Zone } from './format.js';

const shapes = { plain: '', good: '✓', caution: '▲', bad: '■' } as const;
const shown = 80;

/** What happened, newest first, one sentence each, with a line where the day changes. */
export function Tail({ entries, zone }: { readonly entries: readonly TailEntry[]; readonly zone: Zone }) {
  const newest = entries.slice(-shown).reverse();
  return (
    <section class="card tail" aria-label="What happens">
      <h2>What happens</h2>
      <Note />
      {newest.length === 0 && <p class="quiet">Nothing yet.</p>}
      <ol aria-live="off">
        {newest.flatMap((entry, index) => {
          const day = date(entry.timeMs, zone);
          const before = newest[index - 1];
          const line = <Line key={entry.id} entry={entry} zone={zone} />;
          return before !== undefined && date(before.timeMs, zone) === day
            ? [line]
            : [
                <li key={`day-${entry.id}`} class="day">
                  {day}
                </li>,
                line,
              ];
        })}
      </ol>
    </section>
  );
}

/** A line for whoever comes next; it appears among what happens. */
function Note() {
  const [note, setNote] = useState('');
  const [trouble, setTrouble] = useState<string | null>(null);
  return (
    <form
      class="note"
      onSubmit={(event) => {
        event.preventDefault();
        void sendIntent('/api/note', { actor: 'dashboard', note }).then((refused) => {
          setTrouble(refused);
          if (refused === null) setNote('');
        });
      }}
    >
      <input
        required
        maxLength={1_000}
        placeholder="note for the shift"
        aria-label="Note for the shift"
        value={note}
        onInput={({ currentTarget }) => setNote(currentTarget.value)}
      />
      {trouble !== null && <span class="caution small">▲ {trouble}</span>}
    </form>
  );
}

function Line({ entry, zone }: { readonly entry: TailEntry; readonly zone: Zone }) {
  const { id, timeMs, domain, tone, text } = entry;
  return (
    <li title={`${shortInstant(timeMs, zone)}, ${domain}, stream sequence ${id}`}>
      <time>{timeOfDay(timeMs, zone)}</time>
      <span class={tone === 'good' || tone === 'plain' ? 'quiet' : tone} aria-hidden="true">
        {shapes[tone]}
      </span>
      <span>{text}</span>
    </li>
  );
}
