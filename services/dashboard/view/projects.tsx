import type { BlockView, PermitView, View, WorldSummary } from '../../api/viewTypes.js';
import { duration, power, shortInstant, spaced, type Zone } from './format.js';

const stages = ['planned', 'site-control', 'permitting', 'procurement', 'construction', 'energization', 'energized'] as const;

interface ProjectsProps {
  readonly world: WorldSummary;
  readonly view: View;
  readonly zone: Zone;
}

/** Each project with its blocks in order, the stage each has reached, and the permits each waits for. */
export function Projects({ world, view, zone }: ProjectsProps) {
  const permits = Object.entries(view.permits);
  const ids = [...new Set(Object.values(view.blocks).map(({ project }) => project))];
  const nowMs = view.system.mark?.timeMs ?? null;
  return (
    <section class="card projects" aria-label="Projects and permits">
      <h2>Projects and permits</h2>
      {ids.map((id) => {
        const blocks = Object.values(view.blocks).filter(({ project }) => project === id);
        const others = permits.filter(([, { project, block }]) => project === id && block === null);
        const energizedMw = blocks.reduce((total, { stage, capacityMw }) => (stage === 'energized' ? total + capacityMw : total), 0);
        const allMw = blocks.reduce((total, { capacityMw }) => total + capacityMw, 0);
        return (
          <article key={id} class="project" data-project={id}>
            <div class="pair">
              <b>{world.projects.find((known) => known.id === id)?.name ?? id}</b>
              <span class="quiet">
                {power(energizedMw)} of {power(allMw)} energized
              </span>
            </div>
            {blocks.map((block) => (
              <Block
                key={block.block}
                block={block}
                world={world}
                nowMs={nowMs}
                zone={zone}
                permits={permits.filter(([, permit]) => permit.project === id && permit.block === block.block)}
              />
            ))}
            {others.map(([permitId, permit]) => (
              <Permit key={permitId} id={permitId} permit={permit} world={world} nowMs={nowMs} />
            ))}
          </article>
        );
      })}
      {ids.length === 0 && <p class="quiet">No project in this world.</p>}
    </section>
  );
}

interface BlockProps {
  readonly block: BlockView;
  readonly world: WorldSummary;
  readonly nowMs: number | null;
  readonly zone: Zone;
  readonly permits: readonly (readonly [string, PermitView])[];
}

function Block({ block, world, nowMs, zone, permits }: BlockProps) {
  const reached = stages.findIndex((stage) => stage === block.stage);
  const moved = block.site !== block.project && block.site !== block.campus ? ` at ${block.site}` : '';
  const open = permits.filter(([, permit]) => permit.phase !== 'granted');
  const granted = permits.length - open.length;
  return (
    <div class="block" data-block={`${block.project}/${block.block}`}>
      <div class="pair">
        <span>
          Block {block.block}, {power(block.capacityMw)}
          {moved}
        </span>
        <span class={block.stage === 'abandoned' ? 'bad' : ''}>
          {block.stage === 'abandoned' ? '■ ' : ''}
          {spaced(block.stage)}
        </span>
      </div>
      <div class="stages" role="img" aria-label={`stage ${reached + 1} of ${stages.length}: ${spaced(block.stage)}`}>
        {stages.map((stage, index) => (
          <i key={stage} class={index < reached ? 'done' : index === reached ? 'here' : ''} title={spaced(stage)} />
        ))}
      </div>
      {open.map(([id, permit]) => (
        <Permit key={id} id={id} permit={permit} world={world} nowMs={nowMs} />
      ))}
      {((granted > 0 && block.stage !== 'energized') || block.expectedTime !== null) && (
        <p class="quiet small">
          {[
            granted > 0 ? `✓ ${granted} granted` : '',
            block.expectedTime === null ? '' : `stage ends about ${shortInstant(Date.parse(block.expectedTime), zone)}`,
          ]
            .filter(Boolean)
            .join('; ')}
        </p>
      )}
    </div>
  );
}

interface PermitProps {
  readonly id: string;
  readonly permit: PermitView;
  readonly world: WorldSummary;
  readonly nowMs: number | null;
}

const troubled: readonly PermitView['phase'][] = ['incomplete', 'information-requested', 'denied', 'appealed', 'withdrawn'];

function Permit({ id, permit, world, nowMs }: PermitProps) {
  const agency = world.agencies.find((known) => known.id === permit.agency)?.name ?? permit.agency;
  const isDenied = permit.phase === 'denied';
  const tone = isDenied ? 'bad' : troubled.includes(permit.phase) ? 'caution' : '';
  const since = permit.sinceMs === null || nowMs === null ? '' : ` for ${duration(nowMs - permit.sinceMs)}`;
  return (
    <p class="permit small" data-permit={id}>
      <span class="quiet">
        {spaced(id.replace(`${permit.project}-`, ''))}, {agency}:
      </span>{' '}
      <span class={tone}>
        {isDenied ? '■ ' : tone === 'caution' ? '▲ ' : ''}
        {spaced(permit.phase)}
      </span>
      {permit.phase === 'queued' && permit.position !== null && permit.position > 0 ? `, place ${permit.position} in the queue` : since}
    </p>
  );
}
