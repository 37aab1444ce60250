import type { AlarmView, View } from '../../api/viewTypes.js';
import { shortInstant, timeOfDay, type Zone } from './format.js';
import { linkTo } from './route.js';

const ranks = {
  critical: { shape: '■', tone: 'bad', rank: 0 },
  high: { shape: '▲', tone: 'bad', rank: 1 },
  medium: { shape: '◆', tone: 'caution', rank: 2 },
  low: { shape: '●', tone: '', rank: 3 },
} as const;

const words = { active: '', acknowledged: '', returned: 'gone, not noted', cleared: 'gone' } as const;
const hourMs = 3_600_000;

/** What an operator does with an alarm. */
export type AlarmOrder = (action: 'acknowledge-alarm' | 'shelve-alarm' | 'unshelve-alarm', alarm: string, untilMs: number | null) => void;

interface AlarmsProps {
  readonly view: View;
  readonly zone: Zone;
  readonly onOrder: AlarmOrder;
}

interface Named {
  readonly id: string;
  readonly alarm: AlarmView;
}

/** An alarm with those that follow from it. */
interface Group extends Named {
  readonly following: readonly Named[];
}

/** Alarms that ask for somebody, each first cause with what follows from it, worst and newest first. */
export function groupsOf(view: View): readonly Group[] {
  const open = Object.entries(view.alarms)
    .filter(([, { status, shelvedUntilMs, isOutOfService }]) => status !== 'cleared' && shelvedUntilMs === null && !isOutOfService)
    .map(([id, alarm]): Named => ({ id, alarm }));
  const isHere = new Set(open.map(({ id }) => id));
  const order = (a: Named, b: Named): number =>
    Number(a.alarm.status === 'returned') - Number(b.alarm.status === 'returned') ||
    ranks[a.alarm.severity].rank - ranks[b.alarm.severity].rank ||
    b.alarm.raisedMs - a.alarm.raisedMs;
  return open
    .filter(({ alarm }) => alarm.cause === undefined || !isHere.has(alarm.cause))
    .map((own) => ({ ...own, following: open.filter(({ alarm }) => alarm.cause === own.id).sort(order) }))
    .sort(order);
}

/** Alarms that stand, and what is wrong with the processes that carry the twin. */
export function Alarms({ view, zone, onOrder }: AlarmsProps) {
  const groups = groupsOf(view);
  const all = groups.flatMap(({ following, ...own }) => [own, ...following]);
  const known = new Set(all.map(({ alarm }) => alarm.subject));
  const conditions = Object.entries(view.conditions).filter(([, { active, component }]) => active && !known.has(component));
  const open = all.filter(({ alarm }) => alarm.status === 'active' || alarm.status === 'returned').length;
  const aside = Object.entries(view.alarms).filter(([, { shelvedUntilMs, isOutOfService }]) => shelvedUntilMs !== null || isOutOfService);
  const { flood } = view.system;
  return (
    <section class="card alarms" aria-label="Alarms">
      <h2>
        Alarms <span class="quiet">{all.length === 0 ? '' : `${all.length} in ${groups.length} groups, ${open} not noted`}</span>
      </h2>
      {flood?.state === 'flood' && (
        <p class="bad" role="status">
          ■ Flood: {flood.raised} alarms in {flood.windowMinutes} minutes. First causes come first.
        </p>
      )}
      {all.length + conditions.length === 0 && <p class="quiet">None.</p>}
      <ul>
        {groups.map((group) => (
          <Alarm key={group.id} {...group} {...{ view, zone, onOrder }} />
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
      {aside.length > 0 && (
        <details>
          <summary class="quiet">{aside.length} put aside</summary>
          <ul>
            {aside.map(([id, { summary, shelvedUntilMs, isOutOfService }]) => (
              <li key={id} data-aside={id}>
                <span class="quiet">○</span>
                <div>
                  {summary}
                  <p class="small quiet">
                    {isOutOfService ? 'out of service' : `shelved until ${shortInstant(shelvedUntilMs ?? 0, zone)}`}{' '}
                    {shelvedUntilMs !== null && (
                      <button type="button" class="link" onClick={() => onOrder('unshelve-alarm', id, null)}>
                        take it back
                      </button>
                    )}
                  </p>
                </div>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** Where the subject of an alarm is looked at. */
function placeOf(subject: string, view: View): string | null {
  if (view.campuses[subject] !== undefined) return linkTo('campuses', subject);
  if (view.permits[subject] !== undefined) return linkTo('build-out');
  return view.regions[subject] !== undefined || view.outages[subject] !== undefined || subject === 'system' ? linkTo('grid') : null;
}

function Alarm({ id, alarm, following, view, zone, onOrder }: Group & AlarmsProps) {
  const { shape, tone } = ranks[alarm.severity];
  const isOpen = alarm.status === 'active' || alarm.status === 'returned';
  const place = placeOf(alarm.subject, view);
  const nowMs = view.system.mark?.timeMs ?? 0;
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
          {words[alarm.status] === '' ? '' : `, ${words[alarm.status]}`}
          {isOpen ? '' : `, noted by ${alarm.actor ?? 'someone'}`}
          {isOpen && (
            <>
              ,{' '}
              <button type="button" class="link" onClick={() => onOrder('acknowledge-alarm', id, null)}>
                note it
              </button>
            </>
          )}{' '}
          <button
            type="button"
            class="link"
            onClick={() => onOrder('shelve-alarm', id, nowMs + hourMs)}
            title={`Until ${timeOfDay(nowMs + hourMs, zone)}`}
          >
            shelve for 1 h
          </button>
          {place !== null && (
            <>
              {' '}
              <a href={place}>look</a>
            </>
          )}
        </p>
        {following.length > 0 && (
          <details data-group={id}>
            <summary class="small">
              {following.length} {following.length === 1 ? 'follows' : 'follow'} from it
            </summary>
            <ul>
              {following.map((own) => (
                <Alarm key={own.id} {...own} following={[]} {...{ view, zone, onOrder }} />
              ))}
            </ul>
          </details>
        )}
      </div>
    </li>
  );
}
