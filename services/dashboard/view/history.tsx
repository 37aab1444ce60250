import { useEffect, useState } from 'preact/hooks';
import type { Moment } from '../../api/moment.js';
import type { Twin } from './connection.js';
import { date, shiftedMs, timeOfDay, type Zone } from './format.js';

const hourMs = 3_600_000;
const frameEveryMs = 1_000;

/** A moment that is looked at in place of now, and how far each second of playback goes; null: it stands. */
export interface Looking {
  readonly moment: Moment;
  readonly playMs: number | null;
}

/** Looks at the twin as it was, and plays it on from there. */
export function useHistory(): {
  readonly looking: Looking | null;
  readonly trouble: string | null;
  readonly goTo: (timeMs: number) => void;
  readonly play: (byMs: number | null) => void;
  readonly leave: () => void;
} {
  const [looking, setLooking] = useState<Looking | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const goTo = (timeMs: number): void => {
    void read(timeMs).then((found) => {
      if (typeof found === 'string') {
        setTrouble(found);
        setLooking((now) => (now === null ? null : { ...now, playMs: null }));
        return;
      }
      setTrouble(null);
      setLooking((now) => ({ moment: found, playMs: now?.playMs ?? null }));
    });
  };
  useEffect(() => {
    if (looking === null || looking.playMs === null) return undefined;
    const { moment, playMs } = looking;
    const timer = setTimeout(() => goTo(Date.parse(moment.time) + playMs), frameEveryMs);
    return () => clearTimeout(timer);
  }, [looking]);
  return {
    looking,
    trouble,
    goTo,
    play: (byMs) => setLooking((now) => (now === null ? null : { ...now, playMs: byMs })),
    leave: () => {
      setLooking(null);
      setTrouble(null);
    },
  };
}

async function read(timeMs: number): Promise<Moment | string> {
  try {
    const answer = await fetch(`/api/at?time=${new Date(timeMs).toISOString()}`);
    if (answer.ok) return (await answer.json()) as Moment;
    const { error } = (await answer.json()) as { readonly error?: { readonly message?: string } };
    return error?.message ?? `history: answered ${answer.status}`;
  } catch {
    return 'history: the api does not answer';
  }
}

/** The twin with what was known at a moment in place of what is known now. */
export function asOf(twin: Twin, { moment }: Looking): Twin {
  return { ...twin, view: moment.view, rows: moment.rows, tail: moment.tail };
}

interface BarProps {
  readonly twin: Twin;
  readonly zone: Zone;
  readonly history: ReturnType<typeof useHistory>;
}

/** The way into history and through it: a line over every page that says what is looked at. */
export function HistoryBar({ twin, zone, history }: BarProps) {
  const { looking, trouble, goTo, play, leave } = history;
  const nowMs = twin.view.system.mark?.timeMs ?? 0;
  if (looking === null)
    return (
      <div class="history-bar">
        <button type="button" class="link" onClick={() => goTo(nowMs - hourMs)} disabled={nowMs === 0}>
          ◷ history
        </button>
        {trouble !== null && (
          <span class="caution" role="alert">
            ▲ {trouble}
          </span>
        )}
      </div>
    );
  const atMs = Date.parse(looking.moment.time);
  return (
    <div class="banner history" role="status" data-moment={looking.moment.time}>
      <b>◷ HISTORY</b> {timeOfDay(atMs, zone)} {date(atMs, zone)}{' '}
      <input
        type="datetime-local"
        aria-label={zone.kind === 'utc' ? 'Instant, UTC' : 'Instant, local standard time'}
        value={new Date(shiftedMs(atMs, zone)).toISOString().slice(0, 16)}
        onChange={({ currentTarget }) => goTo(Date.parse(`${currentTarget.value}:00Z`) - shiftedMs(0, zone))}
      />{' '}
      {[-24, -1, 1, 24].map((hours) => (
        <button key={hours} type="button" onClick={() => goTo(atMs + hours * hourMs)}>
          {hours > 0 ? '+' : '−'}
          {Math.abs(hours)} h
        </button>
      ))}{' '}
      {looking.playMs === null ? (
        <button type="button" onClick={() => play(hourMs / 2)}>
          ▶ play, half an hour a second
        </button>
      ) : (
        <button type="button" onClick={() => play(null)}>
          ❚❚ stop
        </button>
      )}{' '}
      <button type="button" onClick={leave}>
        back to now
      </button>
      {trouble !== null && <span class="bad"> ▲ {trouble}</span>}
    </div>
  );
}
