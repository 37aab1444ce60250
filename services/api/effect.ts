import type { FactDataOf } from '../../shared/domain/fact.js';
import type { AuditAction } from '../../shared/events/control.js';
import type { World } from '../../shared/scenario/schema.js';
import type { View } from './viewTypes.js';

type Intent = Omit<FactDataOf['control.audit.v1'], 'accepted'>;

/**
 * Actions away from safety: they put load back, raise a limit or override somebody who decides. Under two-person control a second person
 * confirms them; everything else, which takes load off or trips, one may do alone.
 */
export const awayFromSafety: readonly AuditAction[] = [
  'resume-run',
  'release-campus',
  'release-fleet',
  'return-campus',
  'move-run',
  'grant-permit',
  'go-gate',
];

/** What an intent would do by all that is known now, in one line; what is not worked out says so. */
export function effectOf(intent: Intent, world: World, view: View): string {
  const { action, target } = intent;
  switch (action) {
    case 'pause-run':
    case 'resume-run':
      return runEffect(action, target, world, view);
    case 'curtail-campus':
    case 'release-campus': {
      const campus = view.campuses[target];
      const drawsMw = campus?.power?.meanMw ?? 0;
      const askedMw = campus?.power?.reductionTargetMw ?? 0;
      if (action === 'release-campus')
        return `${target} draws ${mw(drawsMw)} and may rise by the ${mw(askedMw)} it is asked to give, within its ramp`;
      const offered = world.contracts
        .filter((contract) => contract.campus === target)
        .reduce((sum, { maxReductionMw }) => sum + maxReductionMw, 0);
      return `${target} draws ${mw(drawsMw)}, is asked to give ${mw(askedMw)} already, and has ${mw(offered)} under contract`;
    }
    case 'trip-campus':
      return `${target} loses ${mw(view.campuses[target]?.power?.meanMw ?? 0)} at once, and its training the work since the last checkpoint`;
    case 'return-campus':
      return `${target} may draw up to ${mw(world.campuses.find(({ id }) => id === target)?.limitMw ?? 0)} again`;
    case 'trip-unit':
    case 'return-unit': {
      const unit = world.network.units.find(({ id }) => id === target);
      return `${target}: ${mw(unit?.capacityMw ?? 0)} ${action === 'trip-unit' ? 'less' : 'more'} can be delivered`;
    }
    case 'grant-permit':
    case 'deny-permit':
    case 'revoke-permit':
      return `${target} is ${view.permits[target]?.phase ?? 'not known'}; this decides in place of ${view.permits[target]?.agency ?? 'its agency'}`;
    default:
      return 'takes effect with the next tick; what follows is not worked out ahead';
  }
}

function runEffect(action: 'pause-run' | 'resume-run', target: string, world: World, view: View): string {
  const run = world.runs.find(({ id }) => id === target);
  const progress = view.runs[target]?.progress ?? null;
  if (run === undefined || progress === null) return `${target} has not begun`;
  const atRestMw = run.facilityMw * run.idleRatio;
  if (action === 'resume-run') {
    const more = Math.max(0, run.facilityMw - progress.powerMw);
    return `${target} draws ${mw(progress.powerMw)} and rises by up to ${mw(more)} after ${run.restartSeconds} s of restart`;
  }
  const openSteps = Math.max(0, progress.completedSteps - progress.checkpointedSteps);
  const openHours = (openSteps * run.stepSeconds * run.accelerators) / 3_600;
  return (
    `${target} draws ${mw(progress.powerMw)} and falls to ${mw(atRestMw)}; ` +
    `${Math.round(openHours).toLocaleString('en-US')} accelerator-hours since its last checkpoint are saved first`
  );
}

function mw(value: number): string {
  return `${Math.round(value)} MW`;
}
