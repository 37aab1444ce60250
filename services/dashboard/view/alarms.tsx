import type { AlarmView, View } from '../../api/viewTypes.js';
import { shortInstant, type Zone } from './format.js';

const ranks = {
  critical: { shape: '■', tone: 'bad', rank: 0 },
  high: { shape: '▲', tone: 'bad', rank: 1 },
  medium: { shape: '◆', tone: 'caution', rank: 2 },
  low: { shape: '●', tone: '', rank: 3 },
} as const;

interface AlarmsProps {
  readonly view: View;
  readonly zone: Zone;
  readonly onAcknowledge: (alarm: string) => void;
}

/** Alarms that stand, worst and newest first, and what is wrong with the processes that carry the twin. */
export function Alarms({ view, zone, onAcknowledge }: AlarmsProps) {
  const standing = Object.entries(view.alarms)
    .filter(([, { status }]) => status !== 'cleared')
    .sort(([, a], [, b]) => ranks[a.severity].rank - ranks[b.severity].rank || b.raisedMs - a.raisedMs);
  const known = new Set(standing.map(([, { subject }]) => subject));
  const conditions = Object.entries(view.conditions).filter(([, { active, component }]) => active && !known.has(component));
  const open = standing.filter(([, { status }]) => status === 'active').length;
  return (
    <section class="card alarms" aria-label="Alarms">
      <h2>
        Alarms <span class="quiet">{standing.length === 0 ? '' : `${standing.length}, ${open} not noted`}</span>
      </h2>
      {standing.length + conditions.length === 0 && <p class="quiet">None.</p>}
      <ul>
        {standing.map(([id, alarm]) => (
          <Alarm key={id} id={id} alarm={alarm} zone={zone} onAcknowledge={() => onAcknowledge(id)} />
        ))}
        {conditions.map(([id, { component, detail }]) => (
          <li key={id}>
            <span class="caution">◆</span>
            <div>
              <b>{component}</b>
              <p class="small">{detail}</p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface AlarmProps {
  readonly id: string;
  readonly alarm: AlarmView;
  readonly zone: Zone;
  readonly onAcknowledge: () => void;
}

function Alarm({ id, alarm, zone, onAcknowledge }: AlarmProps) {
  const { shape, tone } = ranks[alarm.severity];
  const isOpen = alarm.status === 'active';
  return (
    <li data-alarm={id} class={isOpen ? 'open' : ''}>
      <span class={`${tone} shape`}>{shape}</span>
      <div>
        <b>{alarm.summary}</b>
        <p class="small">
          {alarm.consequence} {alarm.action}
        </p>
        <p class="small quiet">
          {alarm.severity}, since {shortInstant(alarm.raisedMs, zone)}
          {isOpen ? (
            <>
              ,{' '}
              <button type="button" class="link" onClick={onAcknowledge}>
                note it
              </button>
            </>
          ) : (
            `, noted by ${alarm.actor ?? 'someone'}`
          )}
        </p>
      </div>
    </li>
  );
}
