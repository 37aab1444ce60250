import { fittingMw } from '../domain/cluster/plan.js';
import { leastMw, mayPause } from '../domain/cluster/slowdown.js';
import { blockOfPermit, permitsOfProject } from '../domain/permit/ofProject.js';
import type { Contract, World } from './schema.js';
import type { Misfit } from './shape.js';
import { idsOf, unknownName } from './validateIds.js';

const toleranceMw = 1e-6;

/** Contracts that promise more than the runs of their campus may give by their classes, or whose terms contradict each other. */
export function* contractMisfits(world: World): Generator<Misfit> {
  for (const [index, contract] of world.contracts.entries()) {
    const at = `contracts[${index}]`;
    yield* termMisfits(at, contract);
    yield* methodMisfits(at, contract, world.contracts);
    yield* connectionMisfits(`${at}.connection`, contract, world);
    const runs = world.runs.filter(({ campus }) => campus === contract.campus);
    const campus = world.campuses.find(({ id }) => id === contract.campus);
    const { consolidationRatio = 0, moveRatio = 0 } = campus?.inferenceFlex ?? {};
    const inferenceMw = (consolidationRatio + moveRatio) * (campus?.inferenceMaxMw ?? 0);
    const mostMw =
      inferenceMw +
      (contract.tranche === 'pause'
        ? runs.filter(mayPause).reduce((sum, run) => sum + run.facilityMw - leastMw(run), 0)
        : fittingMw(runs, contract.capRatio, Infinity));
    if (contract.maxReductionMw <= mostMw + toleranceMw) continue;
    const givers = `the runs of ${contract.campus} may give by their slowdown classes${inferenceMw > 0 ? ', and its inference' : ''}`;
    const allowed = `up to ${Math.round(mostMw * 1e3) / 1e3} MW, what ${givers}`;
    yield { field: `${at}.maxReductionMw`, found: String(contract.maxReductionMw), allowed };
  }
}

/** A campus is measured once, so its contracts agree on how. */
function* methodMisfits(
  at: string,
  { campus, baselineMethod = 'by-workload' }: Contract,
  contracts: World['contracts'],
): Generator<Misfit> {
  const first = contracts.find((other) => other.campus === campus);
  const method = first?.baselineMethod ?? 'by-workload';
  if (method === baselineMethod) return;
  yield { field: `${at}.baselineMethod`, found: baselineMethod, allowed: `${method}, as in contract ${first?.id ?? ''} of ${campus}` };
}

/** A flexible connection is that of a block that may come to the campus, by a study that was offered something. */
function* connectionMisfits(at: string, { connection, campus }: Contract, world: World): Generator<Misfit> {
  if (connection === undefined) return;
  yield* unknownName(`${at}.project`, connection.project, 'project', idsOf(world.projects));
  const project = world.projects.find(({ id }) => id === connection.project);
  if (project === undefined) return;
  yield* unknownName(`${at}.block`, String(connection.block), 'block', new Set(project.blocks.map(({ block }) => String(block))));
  const campuses = [project.campus, ...project.nextSites.map((site) => site.campus)];
  if (!campuses.includes(campus)) yield { field: at, found: `a block of ${project.campus}`, allowed: `one that may come to ${campus}` };
  const isOffered = permitsOfProject(project).some(({ id, flexible }) => {
    const own = blockOfPermit(project, id);
    return flexible !== undefined && (own === null || own === connection.block);
  });
  if (!isOffered) yield { field: at, found: `block ${connection.block}`, allowed: 'a block whose study is offered `flexible` power' };
}

function* termMisfits(at: string, contract: Contract): Generator<Misfit> {
  const { maxEventHours, hoursPerYear, eventsPerYear, rampMinutes } = contract;
  if (hoursPerYear < maxEventHours && eventsPerYear > 0) {
    yield { field: `${at}.hoursPerYear`, found: String(hoursPerYear), allowed: `at least maxEventHours, ${maxEventHours}` };
  }
  if (rampMinutes > maxEventHours * 60) {
    yield { field: `${at}.rampMinutes`, found: String(rampMinutes), allowed: `up to maxEventHours, ${maxEventHours * 60} minutes` };
  }
}
