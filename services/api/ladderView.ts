import type { Fact, FactOf } from '../../shared/domain/fact.js';
import type { LadderView, View } from './viewTypes.js';

/** Curtailments of campuses that are remembered; older ones are in the record stream. */
const remembered = 200;

/**
 * The curtailments of campuses, each with its steps: a ladder begins with the first order a campus accepts while nothing is asked of it, and
 * takes up what its runs do until the next one begins. It rests on milestones alone.
 */
export function observeLadders(view: View, fact: Fact): View {
  switch (fact.type) {
    case 'control.outcome.v1':
      return fact.data.order.startsWith('loadtarget/') ? answered(view, fact) : view;
    case 'cluster.plan.v1':
      return change(view, fact.entity, fact.data.epoch, (ladder) => ({
        ...ladder,
        planMs: ladder.planMs ?? fact.timeMs,
        way: fact.data.alternatives?.find(({ isChosen }) => isChosen)?.way ?? ladder.way,
      }));
    case 'training.phase.v1': {
      const { campus, epoch, phase } = fact.data;
      const step = steps[phase];
      if (step === undefined) return view;
      return change(view, campus, epoch, (ladder) => ({ ...ladder, [step]: ladder[step] ?? fact.timeMs }));
    }
    case 'training.verification.v1': {
      const { campus, epoch, deliveredMwh } = fact.data;
      return change(view, campus, epoch, (ladder) => ({
        ...ladder,
        verifiedMs: ladder.verifiedMs ?? fact.timeMs,
        deliveredMwh: ladder.deliveredMwh + deliveredMwh,
      }));
    }
    case 'training.settlement.v1': {
      const { campus, epoch, netUsd, lostAcceleratorHours } = fact.data;
      return change(view, campus, epoch, (ladder) => ({
        ...ladder,
        settledMs: ladder.settledMs ?? fact.timeMs,
        settledRuns: ladder.settledRuns + 1,
        netUsd: ladder.netUsd + netUsd,
        lostAcceleratorHours: ladder.lostAcceleratorHours + lostAcceleratorHours,
      }));
    }
    default:
      return view;
  }
}

/** Phases of a run that are steps of a ladder: when the first run came to them. */
const steps: Readonly<Partial<Record<FactOf<'training.phase.v1'>['data']['phase'], 'heldMs' | 'resumedMs'>>> = {
  curtailed: 'heldMs',
  holding: 'heldMs',
  resuming: 'resumedMs',
};

function answered(view: View, { entity: campus, timeMs, data }: FactOf<'control.outcome.v1'>): View {
  const epoch = Number(data.order.slice('loadtarget/'.length));
  const open = newestOf(view, campus);
  const isOpen = open !== null && open.releasedMs === null;
  if (data.reductionMw <= 0 && !isOpen) return view;
  if (isOpen && epoch <= open.lastEpoch) return view;
  const { result, reason, reductionMw, setPointMw, residualMw = 0 } = data;
  const now = { lastEpoch: epoch, result, reason, setPointMw };
  if (isOpen) {
    const releasedMs = reductionMw <= 0 ? timeMs : null;
    return put(view, { ...open, ...now, reductionMw: Math.max(open.reductionMw, reductionMw), residualMw, releasedMs });
  }
  return put(view, {
    campus,
    firstEpoch: epoch,
    askedMs: timeMs,
    ...now,
    reductionMw,
    residualMw,
    planMs: null,
    way: null,
    heldMs: null,
    resumedMs: null,
    releasedMs: null,
    verifiedMs: null,
    settledMs: null,
    settledRuns: 0,
    deliveredMwh: 0,
    netUsd: 0,
    lostAcceleratorHours: 0,
  });
}

/** Changes the ladder of a campus that an epoch belongs to: the newest that had begun by then. */
function change(view: View, campus: string, epoch: number, by: (ladder: LadderView) => LadderView): View {
  const own = Object.values(view.ladders).filter((ladder) => ladder.campus === campus && ladder.firstEpoch <= epoch);
  const ladder = own.reduce<LadderView | null>(
    (newest, each) => (newest === null || each.firstEpoch > newest.firstEpoch ? each : newest),
    null,
  );
  return ladder === null ? view : put(view, by(ladder));
}

function newestOf(view: View, campus: string): LadderView | null {
  const own = Object.values(view.ladders).filter((ladder) => ladder.campus === campus);
  return own.reduce<LadderView | null>((newest, each) => (newest === null || each.firstEpoch > newest.firstEpoch ? each : newest), null);
}

function put(view: View, ladder: LadderView): View {
  const entries = Object.entries({ ...view.ladders, [`${ladder.campus}/${ladder.firstEpoch}`]: ladder });
  const kept = entries.length <= remembered ? entries : entries.sort(([, a], [, b]) => a.askedMs - b.askedMs).slice(-remembered);
  return { ...view, ladders: Object.fromEntries(kept) };
}
