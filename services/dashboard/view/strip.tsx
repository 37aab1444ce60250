import type { ComponentChildren } from 'preact';
import type { Twin } from './connection.js';
import { age, date, number, rate as rateText, spaced, timeOfDay, zoneName, type Zone } from './format.js';
import type { Freshness } from './freshness.js';

interface StripProps {
  readonly twin: Twin;
  readonly zone: Zone;
  readonly freshness: Freshness;
  /** Why the last intent was refused. */
  readonly refusal: string | null;
  /** Who is signed in. */
  readonly person: ComponentChildren;
  readonly onDismiss: () => void;
  readonly onZone: () => void;
  readonly onPause: () => void;
  readonly onResume: () => void;
  readonly onRate: (rate: number | 'max') => void;
}

const rates = [1, 60, 300, 900, 1_800, 3_600, 7_200] as const;
/** Facts still to be read from which on the strip says so. */
const worthSaying = 500;

/** What is always in sight: mode, twin clock, pace, seed, age of the data, who may control. */
export function Strip({ twin, zone, freshness, refusal, person, onDismiss, onZone, onPause, onResume, onRate }: StripProps) {
  const { world, view, pulse } = twin;
  const { mark, rate } = view.system;
  return (
    <header class="strip">
      <span class="brand">Loadstone</span>
      <Mode freshness={freshness} />
      <div class="clock">
        <time dateTime={mark === null ? '' : new Date(mark.timeMs).toISOString()}>
          <b>{mark === null ? '–:–' : timeOfDay(mark.timeMs, zone)}</b> {mark === null ? '' : date(mark.timeMs, zone)}
        </time>
        <button type="button" class="link" onClick={onZone} title="Switch between local standard time and UTC">
          {zone.kind === 'local' ? `local, ${zoneName(zone)}` : 'UTC'} ⇄
        </button>
      </div>
      <div class="pace">
        {freshness.isHeld ? (
          <button type="button" onClick={onResume} disabled={freshness.isLost}>
            ▶ Resume
          </button>
        ) : (
          <button type="button" onClick={onPause} disabled={freshness.isLost}>
            ❚❚ Pause
          </button>
        )}
        <RateChoice value={rate?.mode === 'max' ? 'max' : (rate?.rate ?? null)} isDisabled={freshness.isLost} onRate={onRate} />
        <Fact name="achieved" value={freshness.isHeld ? '0×' : rateText(pulse.achievedRate)} />
      </div>
      <Fact name="tick" value={number(mark?.tick)} />
      <Fact name="world" value={`${world.name}, seed ${world.seed}`} />
      <Fact name="data age" value={age(freshness.ageMs)} isCaution={freshness.isStale} />
      {pulse.behind > worthSaying && <Fact name="behind" value={`${number(pulse.behind)} facts`} isCaution />}
      <Fact name="controls" value={spaced(world.controls)} />
      {person}
      {refusal !== null && (
        <div class="refusal" role="alert">
          ▲ {refusal}{' '}
          <button type="button" class="link" onClick={onDismiss}>
            dismiss
          </button>
        </div>
      )}
    </header>
  );
}

function Mode({ freshness }: { readonly freshness: Freshness }) {
  if (freshness.isLost) return <span class="mode bad">✕ LOST</span>;
  if (freshness.isStale) return <span class="mode stale">▲ STALE</span>;
  return freshness.isHeld ? <span class="mode held">❚❚ HELD</span> : <span class="mode">● LIVE</span>;
}

function Fact({ name, value, isCaution = false }: { readonly name: string; readonly value: string; readonly isCaution?: boolean }) {
  return (
    <span class={`fact ${isCaution ? 'caution' : ''}`}>
      <small>{name}</small> {isCaution ? '▲ ' : ''}
      {value}
    </span>
  );
}

function RateChoice({
  value,
  isDisabled,
  onRate,
}: {
  readonly value: number | 'max' | null;
  readonly isDisabled: boolean;
  readonly onRate: StripProps['onRate'];
}) {
  const known =
    value === null || value === 'max' || rates.some((choice) => choice === value) ? rates : [...rates, value].sort((a, b) => a - b);
  return (
    <label class="fact">
      <small>asked</small>{' '}
      <select
        value={String(value ?? '')}
        disabled={isDisabled}
        aria-label="Rate asked for, twin seconds per second"
        onChange={({ currentTarget }) => onRate(currentTarget.value === 'max' ? 'max' : Number(currentTarget.value))}
      >
        {value === null && <option value="">–</option>}
        {known.map((choice) => (
          <option key={choice} value={String(choice)}>
            {rateText(choice)}
          </option>
        ))}
        <option value="max">max</option>
      </select>
    </label>
  );
}
