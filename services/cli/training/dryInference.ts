import type { Alternative } from '../../../shared/domain/cluster/alternatives.js';
import type { FactDataOf } from '../../../shared/domain/fact.js';
import type { World } from '../../../shared/scenario/schema.js';

export type CampusPower = FactDataOf['cluster.power.v1']['campuses'][number];

/** What inference would take of a reduction, as its campus said last that it could give, MW; nothing where it said nothing of that. */
export function inferenceOfDryRun(
  power: CampusPower | undefined,
  world: Pick<World, 'campuses'>,
  wantedMw: number,
): { readonly freedMw: number; readonly alternatives: readonly Alternative[] } {
  const flex = world.campuses.find(({ id }) => id === power?.campus)?.inferenceFlex;
  if (flex === undefined || power?.inferenceGiveMw === undefined) return { freedMw: 0, alternatives: [] };
  const { inferenceGiveMw, inferenceMw, consolidatedMw = 0, movedMw = 0, arrivedMw = 0 } = power;
  const ownMw = inferenceMw + consolidatedMw + movedMw - arrivedMw;
  const fewerMw = Math.min(inferenceGiveMw, Math.max(0, flex.consolidationRatio * ownMw - consolidatedMw));
  const awayMw = inferenceGiveMw - fewerMw;
  const fewer = Math.min(wantedMw, fewerMw);
  const away = Math.min(wantedMw - fewer, awayMw);
  return {
    freedMw: fewer + away,
    alternatives: [
      { way: 'consolidate-inference', freedMw: fewerMw, lostAcceleratorHours: 0, isChosen: fewer > 0, reason: whyNot(fewer, fewerMw) },
      { way: 'move-inference', freedMw: awayMw, lostAcceleratorHours: 0, isChosen: away > 0, reason: whyNot(away, awayMw) },
    ],
  };
}

function whyNot(takenMw: number, canMw: number): string {
  if (takenMw > 0) return '';
  return canMw > 0 ? 'not needed' : 'nothing more can be freed so';
}
