import { permitsOfProject } from '../domain/permit/ofProject.js';
import type { Agency, World } from './schema.js';
import { shown, type Misfit } from './shape.js';
import { idsOf, unknownName } from './validateIds.js';
import { durationMisfits } from './validateStages.js';

/** Agencies: their region, effort, reforms, and what they have on record. */
export function* agencyMisfits(world: World): Generator<Misfit> {
  const regions = new Set([...idsOf(world.regions), 'all']);
  for (const [index, agency] of world.agencies.entries()) {
    const at = `agencies[${index}]`;
    yield* unknownName(`${at}.region`, agency.region, 'region', regions);
    yield* durationMisfits(`${at}.effort`, agency.effort);
    yield* durationMisfits(`${at}.flexibleTrack.effort`, agency.flexibleTrack?.effort);
    yield* reformMisfits(at, agency);
    yield* recordMisfits(at, agency, world);
  }
}

function* reformMisfits(at: string, agency: Agency): Generator<Misfit> {
  const reforms = agency.reforms ?? [];
  for (const [index, reform] of reforms.entries()) {
    const before = reforms[index - 1];
    if (before !== undefined && Date.parse(before.fromTime) >= Date.parse(reform.fromTime)) {
      yield { field: `${at}.reforms[${index}].fromTime`, found: shown(reform.fromTime), allowed: `an instant after ${before.fromTime}` };
    }
    if (reform.otherApplicationsPerYear !== undefined && agency.otherApplicationsPerYear === 0) {
      const field = `${at}.reforms[${index}].otherApplicationsPerYear`;
      yield {
        field,
        found: shown(reform.otherApplicationsPerYear),
        allowed: 'none at an agency that begins with no applications of others',
      };
    }
  }
}

function* recordMisfits(at: string, agency: Agency, world: World): Generator<Misfit> {
  const permits = world.projects.flatMap(permitsOfProject).filter((permit) => permit.agency === agency.id);
  const ids = new Set(permits.map((permit) => permit.id));
  for (const [index, { permit: id, atTime }] of (agency.recorded ?? []).entries()) {
    yield* unknownName(`${at}.recorded[${index}].permit`, id, 'permit of this agency', ids);
    if (Date.parse(atTime) < Date.parse(world.clock.startTime)) {
      yield {
        field: `${at}.recorded[${index}].atTime`,
        found: shown(atTime),
        allowed: `from the start of the world, ${world.clock.startTime}`,
      };
    }
    const permit = permits.find((candidate) => candidate.id === id);
    if (permit !== undefined && permit.initialPhase !== 'drafting') {
      const found = `${shown(id)}, which begins ${permit.initialPhase}`;
      yield { field: `${at}.recorded[${index}].permit`, found, allowed: 'a permit that begins drafting' };
    }
  }
}
