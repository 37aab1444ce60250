import type { FactType, Saying } from '../../shared/domain/fact.js';
import type { Phase } from '../../shared/domain/ticks.js';
import { definitionOf } from '../../shared/events/registry.js';
import type { Host } from '../../shared/runtime/participant.js';
import type { World } from '../../shared/scenario/schema.js';

/** A world of which only the clock matters. */
export function clockWorld(): World {
  return {
    clock: { startTime: '2027-07-13T17:00:00.000Z', tickMinutes: 5, marketMinutes: 60, utcOffsetMinutes: 0, rate: 'max', holdAtTime: null },
  } as World;
}

/** State of a participant that only counts what it heard and said. */
export interface Talk {
  readonly heard: number;
  readonly spoken: number;
}

function talker(
  component: string,
  speaksIn: readonly Phase[],
  says: Partial<Record<Phase, FactType>>,
  hears: readonly FactType[],
): Host<Talk> {
  return {
    component,
    speaksIn,
    hears,
    ...(component === 'cluster-demand'
      ? { awaits: (phase: Phase) => (phase >= 3 ? ([['control.loadtarget.v1', 'west']] as const) : []) }
      : {}),
    initial: () => ({ heard: 0, spoken: 0 }),
    observe: (state) => ({ state: { ...state, heard: state.heard + 1 }, sayings: [] }),
    speak: (state, { phase }) => {
      const type = says[phase];
      const next = { ...state, spoken: state.spoken + 1 };
      if (type === undefined) return { state: next, sayings: [] };
      const data = definitionOf(type)?.example;
      // The counts make every fact depend on everything heard before it.
      const correlationId = `${component}/${next.heard}/${next.spoken}`;
      return { state: next, sayings: [{ type, region: 'west', entity: 'west', data, correlationId } as unknown as Saying] };
    },
  };
}

/** One participant of each name, saying what the real one says. */
export function talkers(): readonly Host<Talk>[] {
  return [
    talker('cluster-demand', [1, 3, 4], { 1: 'cluster.demand.v1', 3: 'cluster.power.v1', 4: 'cluster.power.v1' }, [
      'control.loadtarget.v1',
      'grid.demand.v1',
    ]),
    talker('flexibility', [1, 3, 4], { 1: 'control.offer.v1', 3: 'control.loadtarget.v1', 4: 'control.loadtarget.v1' }, [
      'grid.demand.v1',
      'cluster.power.v1',
    ]),
    talker('permit-office', [1], {}, []),
    talker('workflow-bridge', [1], {}, ['cluster.power.v1']),
    talker('grid-supply', [2], { 2: 'grid.demand.v1' }, ['cluster.demand.v1', 'control.offer.v1']),
  ];
}
