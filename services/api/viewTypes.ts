import type { AlarmSeen } from '../../shared/domain/alarm/seen.js';
import type { FactDataOf, FactType } from '../../shared/events/registry.js';

type Data<Type extends FactType> = FactDataOf[Type];
type Table<Value> = Readonly<Record<string, Value>>;

/** Clock, rate, reserve, N-1 badge and frequency of the whole system; null: not heard yet. Instants are twin time, ms UTC. */
export interface SystemView {
  readonly mark: { readonly tick: number; readonly phase: number; readonly timeMs: number; readonly tickMinutes: number } | null;
  readonly closed: { readonly tick: number; readonly timeMs: number; readonly missing: readonly string[] } | null;
  readonly rate: Data<'clock.rate.v1'> | null;
  readonly reserve: Data<'grid.reserve.v1'> | null;
  readonly security: Data<'grid.security.v1'> | null;
  readonly frequency: Data<'grid.frequency.v1'> | null;
  /** Newest word on whether the system runs into its reserve; null: none yet, or the world has no forecast. */
  readonly surge: Data<'forecast.surge.v1'> | null;
  /** Whether more alarms come than a person can follow; null: they never did. */
  readonly flood: Data<'alarm.flood.v1'> | null;
}

/** Supply, demand, price and flows of a region; units and buses are left out, `heavyLines` are those at 90 % of their rating or out. */
export interface RegionView {
  readonly supply: (Omit<Data<'grid.supply.v1'>, 'units' | 'storages'> & { readonly storedMwh: number }) | null;
  readonly demand: Data<'grid.demand.v1'> | null;
  readonly price: Omit<Data<'grid.price.v1'>, 'buses'> | null;
  readonly flow: {
    readonly interfaces: Data<'grid.flow.v1'>['interfaces'];
    readonly heavyLines: Data<'grid.flow.v1'>['lines'];
    readonly lines: Data<'grid.flow.v1'>['lines'];
  } | null;
  readonly curtailedMw: number | null;
  /** Newest forecast of its load. */
  readonly forecast: Data<'forecast.demand.v1'> | null;
  /** Newest measured load; null: its load is simulated. */
  readonly measured: Data<'telemetry.demand.v1'> | null;
  /** How far that was from what was expected; null: nothing is measured. */
  readonly divergence: Data<'grid.divergence.v1'> | null;
}

/** A campus: what it wants, draws and may draw, what is asked of it and how it answered. */
export interface CampusView {
  readonly region: string;
  readonly limitMw: number;
  readonly power: Omit<Data<'cluster.power.v1'>['campuses'][number], 'campus' | 'limitMw'> | null;
  readonly wantMw: number | null;
  readonly target: Omit<Data<'control.loadtarget.v1'>['targets'][number], 'campus'> | null;
  readonly answer: Pick<Data<'control.outcome.v1'>, 'order' | 'result' | 'reason'> | null;
  /** Newest word on a load target it did not keep; null: none yet. */
  readonly breach: Data<'control.breach.v1'> | null;
}

/** A load target somebody asked for. */
export type RequestView = Data<'control.request.v1'> & { readonly campus: string; readonly sinceMs: number };

/** A training run, seen from the cluster (`progress`) and from its sequence. */
export interface RunView {
  readonly campus: string;
  readonly progress: Omit<Data<'cluster.progress.v1'>['runs'][number], 'run' | 'campus'> | null;
  readonly sequence: (Pick<Data<'training.phase.v1'>, 'phase' | 'epoch' | 'untilTime'> & { readonly sinceMs: number }) | null;
  readonly settlement: (Pick<Data<'training.settlement.v1'>, 'netUsd' | 'lostSteps'> & { readonly atMs: number }) | null;
}

/** A block of a campus project; `sinceMs` null: as the world began. */
export interface BlockView {
  readonly project: string;
  readonly block: number;
  readonly campus: string;
  readonly capacityMw: number;
  readonly stage: Data<'buildout.stage.v1'>['stage'];
  readonly site: string;
  readonly waitingFor: readonly string[];
  readonly expectedTime: string | null;
  readonly sinceMs: number | null;
  /** Stages before this one, oldest first. */
  readonly past: readonly Past[];
}

/** A permit and its place in the queue of its agency: 0 under review, null not in the queue. */
export interface PermitView {
  readonly project: string;
  /** Null: a permit the world does not name, such as one at a second site. */
  readonly block: number | null;
  readonly agency: string;
  readonly phase: Data<'permit.phase.v1'>['phase'];
  readonly position: number | null;
  readonly deadlineTime: string | null;
  readonly sinceMs: number | null;
  /** Phases before this one, oldest first. */
  readonly past: readonly Past[];
}

/** What something was before, and from when; `sinceMs` null: as the world began. */
export interface Past {
  readonly was: string;
  readonly sinceMs: number | null;
}

/** A curtailment of a campus from order to settlement; an instant is null until its step has come. Sums are over its runs. */
export interface LadderView {
  readonly campus: string;
  /** Orders it took up, from the one that began it. */
  readonly firstEpoch: number;
  readonly lastEpoch: number;
  readonly askedMs: number;
  readonly result: Data<'control.outcome.v1'>['result'];
  readonly reason: string;
  /** The most that was promised, and what of the newest order was not. */
  readonly reductionMw: number;
  readonly residualMw: number;
  readonly setPointMw: number;
  readonly planMs: number | null;
  /** How the plan frees it; null: it does not say. */
  readonly way: string | null;
  readonly heldMs: number | null;
  readonly releasedMs: number | null;
  readonly resumedMs: number | null;
  readonly verifiedMs: number | null;
  readonly settledMs: number | null;
  readonly settledRuns: number;
  readonly deliveredMwh: number;
  readonly netUsd: number;
  readonly lostAcceleratorHours: number;
}

/** An alarm; cleared ones stay until they are raised again. */
export type AlarmView = AlarmSeen;

/** Everything the dashboard and `state` show of now: sections of values by entity, plain JSON, never changed in place. */
export interface View {
  readonly system: SystemView;
  readonly regions: Table<RegionView>;
  readonly campuses: Table<CampusView>;
  readonly runs: Table<RunView>;
  /** By `<campus or fleet>/<id given by who asked>`. */
  readonly requests: Table<RequestView>;
  /** By `<project>/<block>`. */
  readonly blocks: Table<BlockView>;
  readonly permits: Table<PermitView>;
  readonly agencies: Table<Omit<Data<'permit.queue.v1'>, 'positions'>>;
  /** By `<campus>/<first epoch>`. */
  readonly ladders: Table<LadderView>;
  readonly alarms: Table<AlarmView>;
  /** By `<component>/<condition>`; ended ones stay with `active` false. */
  readonly conditions: Table<Data<'condition.platform.v1'> & { readonly sinceMs: number }>;
  /** Units, lines and campuses that tripped; `isOut` false after their return. */
  readonly outages: Table<{
    readonly equipment: Data<'grid.contingency.v1'>['equipment'];
    readonly isOut: boolean;
    readonly capacityMw: number;
    readonly reason: string;
    readonly sinceMs: number;
  }>;
}

/** What changed between two views: per section only the entities that differ. Entities are never taken away. */
export type ViewPatch = { readonly [Section in keyof View]?: Partial<View[Section]> };

/** A milestone in plain words; `id` is its stream sequence, `tone` how much it asks for attention. */
export interface TailEntry {
  readonly id: number;
  readonly timeMs: number;
  readonly domain: string;
  readonly entity: string;
  readonly tone: 'plain' | 'good' | 'caution' | 'bad';
  readonly text: string;
}

/** How the feed is doing, in wall time; null: nothing heard yet. */
export interface Pulse {
  /** Wall ms since the newest mark of the clock was heard. */
  readonly ageMs: number | null;
  /** Twin seconds per wall second over the last seconds. */
  readonly achievedRate: number | null;
  /** Facts in the stream that are still to be read. */
  readonly behind: number;
}

/** Names of the columns of `/api/series`; a row has one number (or null) for each. */
export interface SampleTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | null)[])[];
}

/** One server-sent `frame`: `isWhole` replaces what the client has, else it is a change of it. */
export interface Frame {
  readonly isWhole: boolean;
  readonly view: ViewPatch;
  readonly rows: SampleTable['rows'];
  readonly pulse: Pulse;
}

/** Answer of `/api/world`: who and what there is, without series and profiles. */
export interface WorldSummary {
  readonly name: string;
  readonly title: string;
  readonly seed: number;
  readonly controls: 'single' | 'two-person';
  readonly startTime: string;
  readonly tickMinutes: number;
  readonly utcOffsetMinutes: number;
  readonly reserve: {
    readonly requirementMw: number;
    readonly watchBelowMw: number;
    readonly warningBelowMw: number;
    readonly emergencyBelowMw: number;
  };
  readonly sampleColumns: readonly string[];
  readonly regions: readonly { readonly id: string; readonly name: string }[];
  readonly campuses: readonly { readonly id: string; readonly name: string; readonly region: string }[];
  readonly runs: readonly { readonly id: string; readonly campus: string; readonly accelerators: number; readonly facilityMw: number }[];
  readonly projects: readonly { readonly id: string; readonly name: string; readonly campus: string }[];
  readonly contracts: readonly {
    readonly id: string;
    readonly campus: string;
    readonly maxReductionMw: number;
    readonly strikeUsdPerMwh: number;
  }[];
  readonly agencies: readonly { readonly id: string; readonly name: string }[];
  /** Regions at both ends of each line. */
  readonly lines: readonly { readonly id: string; readonly from: string; readonly to: string; readonly ratingMw: number | null }[];
}
