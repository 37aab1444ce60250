import { lackingIn } from './place.js';
import { roomFor } from './room.js';
import { runNamed, type FleetWorld, type Standing } from './standing.js';

/** Why a run cannot go to a campus now, in one line that says what was found and what is needed; null: it can. */
export function moveRefusal(world: FleetWorld, standing: Standing, ask: { readonly run: string; readonly to: string }): string | null {
  const run = runNamed(world, ask.run);
  const own = standing.runs.find((other) => other.run === ask.run);
  const campus = world.campuses.find(({ id }) => id === ask.to);
  if (run === undefined || own === undefined) return `${ask.run}: found no such run under way`;
  if (campus === undefined) return `${ask.to}: found no such campus`;
  if (own.movingTo !== null) return `${ask.run}: is on its way to ${own.movingTo} already`;
  if (own.campus === ask.to) return `${ask.run}: is at ${ask.to} already`;
  if (own.state === 'finished') return `${ask.run}: is finished`;
  if (own.state === 'waiting') return `${ask.run}: has not begun`;
  if (own.state === 'tripped') return `${ask.run}: ${own.campus} is tripped`;
  const room = roomFor(world, campus, run, standing);
  const lacking = lackingIn(room, run, 1);
  if (lacking.includes('accelerators'))
    return `${ask.to}: has ${room.accelerators} accelerators free, ${ask.run} needs ${run.accelerators}`;
  if (lacking.includes('power'))
    return `${ask.to}: has ${rounded(room.mw)} MW free below its limit, ${ask.run} needs ${rounded(run.facilityMw)}`;
  return null;
}

function rounded(mw: number): number {
  return Math.round(mw * 10) / 10;
}
