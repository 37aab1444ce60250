import type { BlockView, Past, PermitView, View, WorldSummary } from '../../../api/viewTypes.js';
import { duration, power, shortInstant, spaced, type Zone } from '../format.js';

interface Props {
  readonly world: WorldSummary;
  readonly view: View;
  readonly zone: Zone;
}

interface Bar {
  readonly was: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What was when: the past of a block or permit with what it is now, from the start of the world to now. */
export function barsOf(
  past: readonly Past[],
  now: { readonly was: string; readonly sinceMs: number | null },
  startMs: number,
  nowMs: number,
): readonly Bar[] {
  const all = [...past, now];
  return all.map(({ was, sinceMs }, place) => ({
    was,
    fromMs: sinceMs ?? startMs,
    toMs: all[place + 1]?.sinceMs ?? nowMs,
  }));
}

const tones: Readonly<Record<string, string>> = {
  energized: 'good',
  granted: 'good',
  denied: 'bad',
  withdrawn: 'bad',
  appealed: 'caution',
  incomplete: 'caution',
  'information-requested': 'caution',
  queued: 'in-queue',
  'under-review': 'working',
};

/** Build-out: every block and permit over time, what each waits for and since when, and how power expected and power there differ. */
export function BuildOutPage({ world, view, zone }: Props) {
  const startMs = Date.parse(world.startTime);
  const nowMs = view.system.mark?.timeMs ?? startMs;
  const expectedMs = Object.values(view.blocks).map(({ expectedTime }) => (expectedTime === null ? 0 : Date.parse(expectedTime)));
  const deadlinesMs = Object.values(view.permits).map(({ deadlineTime }) => (deadlineTime === null ? 0 : Date.parse(deadlineTime)));
  const endMs = Math.max(nowMs + 0.15 * (nowMs - startMs), ...expectedMs, ...deadlinesMs, startMs + 86_400_000);
  const frame = { startMs, nowMs, endMs, zone };
  const capacity = Object.values(view.blocks);
  const energizedMw = sum(capacity.filter(({ stage }) => stage === 'energized'));
  return (
    <main class="page">
      <section class="card" aria-label="Build-out">
        <div class="pair">
          <h2>
            Build-out <span class="quiet">from the start of the world; striped: expected</span>
          </h2>
          <span>
            <b>{power(energizedMw)}</b> of {power(sum(capacity))} energized
          </span>
        </div>
        {world.projects.length === 0 && <p class="quiet">The world has no projects.</p>}
        {world.projects.map((project) => (
          <div key={project.id} class="gantt" data-project={project.id}>
            <h3>{project.name}</h3>
            <Axis {...frame} />
            {Object.entries(view.blocks)
              .filter(([, block]) => block.project === project.id)
              .map(([key, block]) => (
                <Block key={key} id={key} block={block} permits={permitsOf(view, project.id, block.block)} frame={frame} />
              ))}
            {permitsOf(view, project.id, null).map(([id, permit]) => (
              <Permit key={id} id={id} permit={permit} frame={frame} />
            ))}
          </div>
        ))}
      </section>
      <Agencies world={world} view={view} />
    </main>
  );
}

interface Frame {
  readonly startMs: number;
  readonly nowMs: number;
  readonly endMs: number;
  readonly zone: Zone;
}

function sum(blocks: readonly BlockView[]): number {
  return blocks.reduce((total, { capacityMw }) => total + capacityMw, 0);
}

function permitsOf(view: View, project: string, block: number | null): readonly (readonly [string, PermitView])[] {
  return Object.entries(view.permits).filter(([, permit]) => permit.project === project && permit.block === block);
}

function Axis({ startMs, endMs, zone }: Frame) {
  const marks = [0, 0.25, 0.5, 0.75].map((ratio) => startMs + ratio * (endMs - startMs));
  return (
    <div class="row axis">
      <span />
      <div class="track">
        {marks.map((atMs, place) => (
          <small key={atMs} style={{ left: `${place * 25}%` }}>
            {shortInstant(atMs, zone)} {new Date(atMs).getUTCFullYear()}
          </small>
        ))}
      </div>
    </div>
  );
}

interface BlockProps {
  readonly id: string;
  readonly block: BlockView;
  readonly permits: readonly (readonly [string, PermitView])[];
  readonly frame: Frame;
}

function Block({ id, block, permits, frame }: BlockProps) {
  const since = block.sinceMs === null ? '' : ` for ${duration(frame.nowMs - block.sinceMs)}`;
  return (
    <>
      <div class="row" data-gantt={id}>
        <span>
          <b>Block {block.block}</b> {power(block.capacityMw)}
          <small class="quiet">
            {' '}
            {spaced(block.stage)}
            {since}
            {block.waitingFor.length === 0 ? '' : `, waits for ${block.waitingFor.map(spaced).join(', ')}`}
          </small>
        </span>
        <Track
          bars={barsOf(block.past, { was: block.stage, sinceMs: block.sinceMs }, frame.startMs, frame.nowMs)}
          expected={block.expectedTime}
          frame={frame}
        />
      </div>
      {permits.map(([permit, state]) => (
        <Permit key={permit} id={permit} permit={state} frame={frame} />
      ))}
    </>
  );
}

function Permit({ id, permit, frame }: { readonly id: string; readonly permit: PermitView; readonly frame: Frame }) {
  const since = permit.sinceMs === null ? '' : ` for ${duration(frame.nowMs - permit.sinceMs)}`;
  const place = permit.phase === 'queued' && permit.position !== null ? `, place ${permit.position}` : '';
  return (
    <div class="row permit-row" data-gantt={id}>
      <span>
        {spaced(id.replace(`${permit.project}-`, ''))}
        <small class="quiet">
          {' '}
          {permit.agency}: {spaced(permit.phase)}
          {place || since}
        </small>
      </span>
      <Track
        bars={barsOf(permit.past, { was: permit.phase, sinceMs: permit.sinceMs }, frame.startMs, frame.nowMs)}
        expected={permit.deadlineTime}
        frame={frame}
      />
    </div>
  );
}

interface TrackProps {
  readonly bars: readonly Bar[];
  readonly expected: string | null;
  readonly frame: Frame;
}

function Track({ bars, expected, frame: { startMs, nowMs, endMs, zone } }: TrackProps) {
  const at = (timeMs: number): number => Math.min(100, Math.max(0, ((timeMs - startMs) / (endMs - startMs)) * 100));
  const expectedMs = expected === null ? null : Date.parse(expected);
  return (
    <div class="track">
      {bars.map(({ was, fromMs, toMs }) => (
        <i
          key={`${was}/${fromMs}`}
          class={tones[was] ?? 'plain'}
          style={{ left: `${at(fromMs)}%`, width: `${Math.max(0.3, at(toMs) - at(fromMs))}%` }}
          title={`${spaced(was)}, ${shortInstant(fromMs, zone)} to ${shortInstant(toMs, zone)}, ${duration(toMs - fromMs)}`}
        />
      ))}
      {expectedMs !== null && expectedMs > nowMs && (
        <i
          class="expected"
          style={{ left: `${at(nowMs)}%`, width: `${at(expectedMs) - at(nowMs)}%` }}
          title={`expected about ${shortInstant(expectedMs, zone)}`}
        />
      )}
      <i class="now" style={{ left: `${at(nowMs)}%` }} />
    </div>
  );
}

function Agencies({ world, view }: Omit<Props, 'zone'>) {
  if (world.agencies.length === 0) return null;
  return (
    <section class="card" aria-label="Agencies">
      <h2>Agencies</h2>
      <table>
        <thead>
          <tr>
            <th>agency</th>
            <th class="num">reviewers at work</th>
            <th class="num">applications waiting</th>
          </tr>
        </thead>
        <tbody>
          {world.agencies.map(({ id, name }) => {
            const { busyReviewers = 0, reviewers = 0, waitingApplications = 0 } = view.agencies[id] ?? {};
            return (
              <tr key={id}>
                <td>{name}</td>
                <td class="num">
                  {busyReviewers} of {reviewers}
                </td>
                <td class={`num ${waitingApplications > 0 && busyReviewers === reviewers ? 'caution' : ''}`}>{waitingApplications}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
