import { blockOfPermit, permitsOfProject } from '../../shared/domain/permit/ofProject.js';
import { blockKey, observeBlock } from './blockView.js';
import { observeLadders } from './ladderView.js';
import { pastOf } from './pastView.js';
import { observeDecision, observeQueue } from './permitView.js';
import type { BlockView, CampusView, PermitView, RegionView, View } from './viewTypes.js';
import type { Fact, FactOf } from '../../shared/domain/fact.js';
import { seeAlarm } from '../../shared/domain/alarm/seen.js';
import type { World } from '../../shared/scenario/schema.js';

/** Lines at or above this share of their rating are worth showing. */
const heavilyLoadedRatio = 0.9;
/** Lines of a region that are shown. */
const mostLines = 400;

/** What is shown before any fact was heard: everything the world names, where the world says it starts. */
export function initialView(world: World): View {
  const regionOf = new Map(world.network.buses.map((bus) => [bus.id, bus.region]));
  return {
    system: { mark: null, closed: null, rate: null, reserve: null, security: null, frequency: null, surge: null, flood: null },
    regions: Object.fromEntries(world.regions.map(({ id }) => [id, emptyRegion])),
    campuses: Object.fromEntries(
      world.campuses.map(({ id, bus, limitMw }) => [id, { ...emptyCampus, region: regionOf.get(bus) ?? 'all', limitMw }]),
    ),
    runs: Object.fromEntries(world.runs.map(({ id, campus }) => [id, { campus, progress: null, sequence: null, settlement: null }])),
    requests: {},
    blocks: Object.fromEntries(
      world.projects.flatMap(({ id, campus, blocks }) =>
        blocks.map((block): [string, BlockView] => [
          blockKey(id, block.block),
          {
            project: id,
            block: block.block,
            campus,
            capacityMw: block.capacityMw,
            stage: block.initialStage,
            site: campus,
            waitingFor: [],
            expectedTime: null,
            sinceMs: null,
            past: [],
          },
        ]),
      ),
    ),
    permits: Object.fromEntries(
      world.projects.flatMap((project) =>
        permitsOfProject(project).map((permit): [string, PermitView] => [
          permit.id,
          {
            project: project.id,
            block: blockOfPermit(project, permit.id),
            agency: permit.agency,
            phase: permit.initialPhase,
            position: permit.initialPosition,
            deadlineTime: null,
            sinceMs: null,
            past: [],
          },
        ]),
      ),
    ),
    agencies: Object.fromEntries(world.agencies.map(({ id, reviewers }) => [id, { reviewers, busyReviewers: 0, waitingApplications: 0 }])),
    ladders: {},
    alarms: {},
    conditions: {},
    outages: {},
  };
}

/**
 * What is known after one more fact. Every field comes from one type of fact only, so that state and milestones may be heard by two readers;
 * parts that did not change stay the same object, which is what `diffView` compares.
 */
export function observe(view: View, fact: Fact): View {
  return observeLadders(observeNow(view, fact), fact);
}

function observeNow(view: View, fact: Fact): View {
  switch (fact.type) {
    case 'clock.mark.v1':
      return system(view, { mark: { tick: fact.tick, phase: fact.phase, timeMs: fact.timeMs, tickMinutes: fact.data.tickMinutes } });
    case 'clock.tick.v1':
      return system(view, { closed: { tick: fact.data.tick, timeMs: fact.timeMs, missing: fact.data.missing } });
    case 'clock.rate.v1':
      if (view.system.rate !== null && view.system.rate.epoch > fact.data.epoch) return view;
      return system(view, { rate: fact.data });
    case 'grid.reserve.v1':
      return system(view, { reserve: fact.data });
    case 'grid.security.v1':
      return system(view, { security: fact.data });
    case 'grid.frequency.v1':
      return system(view, { frequency: fact.data });
    case 'forecast.surge.v1':
      return system(view, { surge: fact.data });
    case 'forecast.demand.v1':
      return put(view, 'regions', fact.region, { ...(view.regions[fact.region] ?? emptyRegion), forecast: fact.data });
    case 'telemetry.demand.v1':
      return put(view, 'regions', fact.region, { ...(view.regions[fact.region] ?? emptyRegion), measured: fact.data });
    case 'grid.divergence.v1':
      return put(view, 'regions', fact.region, { ...(view.regions[fact.region] ?? emptyRegion), divergence: fact.data });
    case 'grid.supply.v1':
    case 'grid.demand.v1':
    case 'grid.price.v1':
    case 'grid.flow.v1':
    case 'grid.curtailment.v1':
      return put(view, 'regions', fact.region, observeRegion(view.regions[fact.region] ?? emptyRegion, fact));
    case 'grid.contingency.v1': {
      const { equipment, change, capacityMw, reason } = fact.data;
      return put(view, 'outages', fact.entity, { equipment, isOut: change === 'trip', capacityMw, reason, sinceMs: fact.timeMs });
    }
    case 'cluster.demand.v1':
    case 'cluster.power.v1':
    case 'control.loadtarget.v1':
      return observeCampuses(view, fact);
    case 'control.outcome.v1': {
      const { order, result, reason } = fact.data;
      const campus = view.campuses[fact.entity];
      return campus === undefined ? view : put(view, 'campuses', fact.entity, { ...campus, answer: { order, result, reason } });
    }
    case 'control.request.v1':
      return put(view, 'requests', `${fact.entity}/${fact.data.request}`, { ...fact.data, campus: fact.entity, sinceMs: fact.timeMs });
    case 'control.breach.v1': {
      const campus = view.campuses[fact.entity];
      return campus === undefined ? view : put(view, 'campuses', fact.entity, { ...campus, breach: fact.data });
    }
    case 'cluster.progress.v1':
      return fact.data.runs.reduce((now, { run, campus, ...progress }) => {
        const known = now.runs[run] ?? { campus, progress: null, sequence: null, settlement: null };
        return put(now, 'runs', run, { ...known, campus, progress });
      }, view);
    case 'training.phase.v1':
    case 'training.settlement.v1':
      return observeTraining(view, fact);
    case 'buildout.stage.v1':
    case 'buildout.block.v1':
    case 'buildout.site.v1':
      return observeBlock(view, fact);
    case 'permit.decision.v1':
      return observeDecision(view, fact);
    case 'permit.queue.v1':
      return observeQueue(view, fact);
    case 'permit.phase.v1': {
      const { project, agency, phase, deadlineTime } = fact.data;
      const known = view.permits[fact.entity];
      const about = { block: known?.block ?? null, position: known?.position ?? null, project, agency, phase, deadlineTime };
      const past = pastOf(known?.past, known?.phase, known?.sinceMs, phase);
      return put(view, 'permits', fact.entity, { ...about, sinceMs: fact.timeMs, past });
    }
    case 'alarm.raised.v1':
    case 'alarm.acknowledged.v1':
    case 'alarm.cleared.v1':
    case 'alarm.shelved.v1':
    case 'alarm.service.v1': {
      const seen = seeAlarm(view.alarms[fact.entity], fact);
      return seen === undefined || seen === view.alarms[fact.entity] ? view : put(view, 'alarms', fact.entity, seen);
    }
    case 'alarm.flood.v1':
      return system(view, { flood: fact.data });
    case 'condition.platform.v1': {
      const { condition, component, ...rest } = fact.data;
      return put(view, 'conditions', `${component}/${condition}`, { condition, component, ...rest, sinceMs: fact.timeMs });
    }
    case 'grid.state.v1':
    case 'grid.change.v1':
    case 'grid.clearing.v1':
    case 'cluster.plan.v1':
    case 'cluster.throttle.v1':
    case 'cluster.checkpoint.v1':
    case 'cluster.savefailure.v1':
    case 'cluster.failure.v1':
    case 'cluster.pause.v1':
    case 'cluster.resume.v1':
    case 'cluster.limit.v1':
    case 'cluster.dip.v1':
    case 'cluster.transfer.v1':
    case 'cluster.backup.v1':
    case 'cluster.move.v1':
    case 'control.offer.v1':
    case 'control.command.v1':
    case 'control.audit.v1':
    case 'control.proposal.v1':
    case 'control.note.v1':
    case 'control.compliance.v1':
    case 'training.verification.v1':
    case 'buildout.order.v1':
    case 'buildout.gate.v1':
    case 'buildout.plan.v1':
    case 'buildout.expectation.v1':
    case 'permit.review.v1':
    case 'permit.filing.v1':
    case 'forecast.supply.v1':
    case 'forecast.netdemand.v1':
    case 'forecast.price.v1':
      return view;
  }
}

const emptyRegion: RegionView = {
  supply: null,
  demand: null,
  price: null,
  flow: null,
  curtailedMw: null,
  forecast: null,
  measured: null,
  divergence: null,
};
const emptyCampus: Omit<CampusView, 'region' | 'limitMw'> = { power: null, wantMw: null, target: null, answer: null, breach: null };

function system(view: View, change: Partial<View['system']>): View {
  return { ...view, system: { ...view.system, ...change } };
}

function put<Section extends Exclude<keyof View, 'system'>>(view: View, section: Section, key: string, value: View[Section][string]): View {
  return { ...view, [section]: { ...view[section], [key]: value } };
}

type RegionFact =
  | FactOf<'grid.supply.v1'>
  | FactOf<'grid.demand.v1'>
  | FactOf<'grid.price.v1'>
  | FactOf<'grid.flow.v1'>
  | FactOf<'grid.curtailment.v1'>;

function observeRegion(region: RegionView, fact: RegionFact): RegionView {
  switch (fact.type) {
    case 'grid.supply.v1': {
      const { units: _units, storages, ...supply } = fact.data;
      return { ...region, supply: { ...supply, storedMwh: storages.reduce((sum, { storedMwh }) => sum + storedMwh, 0) } };
    }
    case 'grid.demand.v1':
      return { ...region, demand: fact.data };
    case 'grid.price.v1': {
      const { priceUsdPerMwh, reserveScarcityUsdPerMwh } = fact.data;
      return { ...region, price: { priceUsdPerMwh, reserveScarcityUsdPerMwh } };
    }
    case 'grid.flow.v1': {
      const { interfaces, lines } = fact.data;
      const heavy = lines.filter((line) => line.ratingMw === 0 || Math.abs(line.netFlowMw) >= heavilyLoadedRatio * line.ratingMw);
      return { ...region, flow: { interfaces, heavyLines: heavy, lines: lines.slice(0, mostLines) } };
    }
    case 'grid.curtailment.v1':
      return { ...region, curtailedMw: fact.data.curtailedMw };
  }
}

function observeCampuses(
  view: View,
  fact: FactOf<'cluster.demand.v1'> | FactOf<'cluster.power.v1'> | FactOf<'control.loadtarget.v1'>,
): View {
  const of = (campus: string): CampusView => view.campuses[campus] ?? { ...emptyCampus, region: fact.region, limitMw: 0 };
  const changed = ((): readonly (readonly [string, CampusView])[] => {
    switch (fact.type) {
      case 'cluster.demand.v1':
        return fact.data.campuses.map(({ campus, wantMw }) => [campus, { ...of(campus), wantMw }]);
      case 'cluster.power.v1':
        return fact.data.campuses.map(({ campus, limitMw, ...power }) => [campus, { ...of(campus), limitMw, power }]);
      case 'control.loadtarget.v1':
        return fact.data.targets.map(({ campus, ...target }) => [campus, { ...of(campus), target }]);
    }
  })();
  return { ...view, campuses: { ...view.campuses, ...Object.fromEntries(changed) } };
}

function observeTraining(view: View, fact: FactOf<'training.phase.v1'> | FactOf<'training.settlement.v1'>): View {
  const known = view.runs[fact.entity] ?? { campus: fact.data.campus, progress: null, sequence: null, settlement: null };
  switch (fact.type) {
    case 'training.phase.v1': {
      const { phase, epoch, untilTime } = fact.data;
      return put(view, 'runs', fact.entity, { ...known, sequence: { phase, epoch, untilTime, sinceMs: fact.timeMs } });
    }
    case 'training.settlement.v1': {
      const { netUsd, lostSteps } = fact.data;
      return put(view, 'runs', fact.entity, { ...known, settlement: { netUsd, lostSteps, atMs: fact.timeMs } });
    }
  }
}
