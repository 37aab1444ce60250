import { compareFacts, stamp, type Fact, type FactDataOf, type RepeatCounts, type Saying } from '../../shared/domain/fact.js';
import { fromWire, minuteMs, tickStartMs, toWire, type Phase } from '../../shared/domain/ticks.js';
import type { Source } from '../../shared/events/grid.js';
import { gridFrequency, gridSecurity } from '../../shared/events/security.js';
import type { World } from '../../shared/scenario/schema.js';

type Supply = FactDataOf['grid.supply.v1'];
type Said = readonly [component: string, phase: Phase, saying: Saying];

/** Tick at which a unit trips in the scene, and ticks between which a load target stands. */
export const scene = { tripTick: 64, targetFromTick: 78, targetToTick: 114, energizedTick: 36 } as const;

/** Facts of ticks 0 to `ticks`, hand-made after the built-in scenario: a unit trips, a load target follows, two runs pause. Not simulated. */
export function sceneFacts(world: World, ticks: number): readonly Fact[] {
  let counts: RepeatCounts = {};
  const startMs = fromWire(world.clock.startTime);
  return Array.from({ length: ticks }, (_, tick) => {
    const atMs = tickStartMs({ startMs, tickMinutes: world.clock.tickMinutes }, tick);
    const facts = sayingsOf(world, tick, atMs).map(([component, phase, saying]) => {
      const stamped = stamp([saying], { component, tick, phase, startMs: atMs, counts });
      counts = stamped.counts;
      return stamped.facts[0] as Fact;
    });
    const closing = facts.filter(({ type }) => type === 'clock.tick.v1');
    return [...facts.filter(({ type }) => type !== 'clock.tick.v1').sort(compareFacts), ...closing];
  }).flat();
}

function sayingsOf(world: World, tick: number, atMs: number): readonly Said[] {
  const hour = (((atMs / 3_600_000 + world.clock.utcOffsetMinutes / 60) % 24) + 24) % 24;
  const day = { tick, atMs, hour, isTarget: tick >= scene.targetFromTick && tick < scene.targetToTick, isTripped: tick >= scene.tripTick };
  return [
    ...([1, 2, 3] as const).map(
      (phase): Said => [
        'clock',
        phase,
        {
          type: 'clock.mark.v1',
          region: 'all',
          entity: 'clock',
          data: { tick, phase, tickMinutes: world.clock.tickMinutes, throughSequence: 0 },
        },
      ],
    ),
    ...gridSayings(world, day),
    ...campusSayings(world, day),
    ...milestones(day).map((saying): Said => ['scene', 3, saying]),
    ['clock', 3, { type: 'clock.tick.v1', region: 'all', entity: 'clock', data: { tick, missing: [] } }],
  ];
}

interface Moment {
  readonly tick: number;
  readonly atMs: number;
  readonly hour: number;
  readonly isTarget: boolean;
  readonly isTripped: boolean;
}

const [course] = gridFrequency.example.courses;
const campusesLost = { loss: 'campuses', lost: 'central', lostMw: 480, lowestHz: 60, highestHz: 60.12, highestAtSeconds: 3.6 } as const;
/** What the loss of one thing would do, the same throughout the scene. */
const singleLosses = {
  security: {
    ...gridSecurity.example,
    worstLine: 'west-central-2',
    worstOutage: 'west-central-1',
    worstLoadingRatio: 1.04,
    islandedMw: 0,
    islanding: [],
    pairs: [],
  },
  frequency: { ...gridFrequency.example, courses: course === undefined ? [] : [course, { ...course, ...campusesLost }] },
};

const peaksMw = { west: 700, central: 3_750, south: 1_700 } as const;

function gridSayings(world: World, { hour, isTripped, isTarget }: Moment): readonly Said[] {
  const evening = Math.exp(-(((hour - 18) / 4.2) ** 2));
  const sun = hour > 5.6 && hour < 20.1 ? Math.sin((Math.PI * (hour - 5.6)) / 14.5) ** 1.25 : 0;
  const windMw = 3_000 * 0.34 * (1 + 0.65 * Math.cos((2 * Math.PI * (hour - 3)) / 24));
  const solarMw = 0.85 * 2_200 * sun;
  const reserveMw = Math.round(1_650 - 900 * evening - (isTripped ? 250 : 0) + (isTarget ? 60 : 0));
  const state = reserveMw >= 950 ? 'normal' : reserveMw >= 750 ? 'watch' : reserveMw >= 400 ? 'warning' : 'emergency';
  const priceUsdPerMwh = state === 'normal' ? 30 + 6 * evening : state === 'watch' ? 130 : 520 + 300 * evening;
  const demandMw = Object.fromEntries(
    world.regions.map(({ id }) => [id, (peaksMw[id as keyof typeof peaksMw] ?? 500) * (0.6 + 0.4 * evening)]),
  );
  const campusMw = { central: isTarget ? 360 : 480, west: 84, south: 0 } as Readonly<Record<string, number>>;
  const totalMw = Object.values(demandMw).reduce((sum, value) => sum + value, 564);
  const thermalMw = Math.max(0, totalMw - windMw - solarMw - 800 - 150);
  const said = (saying: Saying): Said => ['grid-supply', 2, saying];
  return [
    ...world.regions.flatMap(({ id: region }): readonly Said[] => {
      const supplied: readonly (readonly [Source, number])[] =
        region === 'west'
          ? [['wind', windMw]]
          : region === 'south'
            ? [
                ['solar', solarMw * 0.8],
                ['gas-cc', Math.min(900, thermalMw * 0.2)],
              ]
            : [
                ['nuclear', 800],
                ['coal', Math.min(600, thermalMw * 0.2)],
                ['hydro', 150],
                ['solar', solarMw * 0.2],
                ['gas-cc', Math.min(2_250, thermalMw * 0.55)],
                ['gas-ct', Math.max(0, thermalMw * 0.25 - 200)],
              ];
      const sources = supplied.map(([source, generationMw]) => ({ source, generationMw, availableMw: generationMw * 1.1 }));
      const generationMw = sources.reduce((sum, source) => sum + source.generationMw, 0);
      const supply: Supply = {
        generationMw,
        availableMw: generationMw * 1.1,
        chargeMw: 0,
        dischargeMw: region === 'south' ? 120 * evening : 0,
        importMw: 0,
        exportMw: 0,
        sources,
        units: [],
        storages: [],
      };
      const nativeMw = demandMw[region] ?? 0;
      const campus = campusMw[region] ?? 0;
      const curtailedMw = region === 'west' ? Math.max(0, windMw - 1_400) : 0;
      return [
        said({ type: 'grid.supply.v1', region, entity: region, data: supply }),
        said({
          type: 'grid.demand.v1',
          region,
          entity: region,
          data: { nativeMw, campusMw: campus, demandMw: nativeMw + campus, unservedMw: 0 },
        }),
        said({
          type: 'grid.price.v1',
          region,
          entity: region,
          data: { priceUsdPerMwh: region === 'west' && curtailedMw > 0 ? 0 : priceUsdPerMwh, reserveScarcityUsdPerMwh: 0, buses: [] },
        }),
        said({ type: 'grid.curtailment.v1', region, entity: region, data: { curtailedMw, units: [] } }),
      ];
    }),
    said({
      type: 'grid.reserve.v1',
      region: 'all',
      entity: 'system',
      data: {
        requirementMw: 950,
        availableMw: reserveMw,
        shortageMw: Math.max(0, 950 - reserveMw),
        scarcityUsdPerMwh: 0,
        state,
        sentence: `Reserve of ${reserveMw} MW. Running units cover the loss of central-nuclear-1 (800 MW) but for 120 MW.`,
        upwardLoss: 'central-nuclear-1',
        upwardLossMw: 800,
        upwardReserveMw: 680,
        upwardShortfallMw: 120,
        downwardLoss: 'central',
        downwardLossMw: campusMw['central'] ?? 0,
        downwardReserveMw: 2_100,
        downwardShortfallMw: 0,
      },
    }),
    said({ type: 'grid.security.v1', region: 'all', entity: 'system', data: singleLosses.security }),
    said({ type: 'grid.frequency.v1', region: 'all', entity: 'system', data: singleLosses.frequency }),
  ];
}

function campusSayings(world: World, { tick, atMs, isTarget, hour }: Moment): readonly Said[] {
  const limitMw = { riverbend: 600, mesa: tick > scene.energizedTick ? 300 : 100, harbor: 0 } as Readonly<Record<string, number>>;
  const inferenceMw = 125 + 35 * Math.cos((2 * Math.PI * (hour - 17)) / 24);
  const regionOf = (campus: string): string => (campus === 'riverbend' ? 'central' : campus === 'mesa' ? 'west' : 'south');
  return world.regions.flatMap(({ id: region }): readonly Said[] => {
    const campuses = world.campuses
      .filter(({ id }) => regionOf(id) === region)
      .map(({ id }) => {
        const isRiverbend = id === 'riverbend';
        const inference = isRiverbend ? inferenceMw : id === 'mesa' ? 16 : 0;
        const trainingMw = isRiverbend ? (isTarget ? 235 : 361) : id === 'mesa' ? 66 : 0;
        return {
          campus: id,
          meanMw: inference + trainingMw,
          endMw: inference + trainingMw,
          trainingMw,
          inferenceMw: inference,
          limitMw: limitMw[id] ?? 0,
          reductionTargetMw: isRiverbend && isTarget ? 126 : 0,
          imbalanceMw: 0,
        };
      });
    const wants = campuses.map(({ campus, meanMw, trainingMw, inferenceMw: inference, reductionTargetMw, limitMw: limit }) => ({
      campus,
      wantMw: meanMw + reductionTargetMw,
      trainingMw,
      inferenceMw: inference,
      limitMw: limit,
    }));
    const runs = world.runs
      .filter(({ campus }) => regionOf(campus) === region)
      .map(({ id, campus, facilityMw, initialSteps, totalSteps }) => {
        const isPaused = isTarget && (id === 'cinder' || id === 'delta');
        const isCapped = isTarget && (id === 'atlas' || id === 'boreas');
        const completedSteps = initialSteps + tick * 40;
        return {
          run: id,
          campus,
          state:
            id === 'ember' && tick <= scene.energizedTick
              ? ('waiting' as const)
              : isPaused
                ? ('paused' as const)
                : isCapped
                  ? ('throttled' as const)
                  : ('running' as const),
          powerMw: facilityMw * (isPaused ? 0.2 : isCapped ? 0.82 : 1),
          capRatio: isPaused ? 0 : isCapped ? 0.7 : 1,
          completedSteps,
          checkpointedSteps: Math.max(0, completedSteps - 32),
          totalSteps,
        };
      });
    const targets = campuses
      .filter(({ campus }) => campus === 'riverbend')
      .map(({ campus, reductionTargetMw }) => ({
        campus,
        epoch: isTarget ? 1 : 0,
        reductionMw: reductionTargetMw,
        fromTime: toWire(atMs),
        untilTime: isTarget ? toWire(atMs + 180 * minuteMs) : null,
        rampMinutes: 15,
        contracts: ['riverbend-a'],
        reason: 'price above strike',
      }));
    return [
      ['cluster-demand', 1, { type: 'cluster.demand.v1', region, entity: region, data: { campuses: wants } }],
      ['cluster-demand', 3, { type: 'cluster.power.v1', region, entity: region, data: { campuses } }],
      ['cluster-demand', 3, { type: 'cluster.progress.v1', region, entity: region, data: { runs } }],
      ['flexibility', 3, { type: 'control.loadtarget.v1', region, entity: region, data: { targets } }],
    ];
  });
}

function milestones({ tick, atMs }: Moment): readonly Saying[] {
  const [central, west] = ['central', 'west'] as const;
  switch (tick) {
    case 0:
      return [
        {
          type: 'clock.rate.v1',
          region: 'all',
          entity: 'clock',
          data: { mode: 'rate', rate: 1800, holdAtTime: null, epoch: 1, reason: 'scenario' },
        },
        {
          type: 'permit.queue.v1',
          region: west,
          entity: 'state-air-board',
          data: { reviewers: 3, busyReviewers: 3, waitingApplications: 11, positions: [{ permit: 'mesa-block-3-air', position: 8 }] },
        },
      ];
    case 30:
      return [
        {
          type: 'permit.review.v1',
          region: west,
          entity: 'mesa-block-3-air',
          data: { agency: 'state-air-board', step: 'information-requested', effortDays: 0, dueTime: toWire(atMs + 21 * 1_440 * minuteMs) },
        },
      ];
    case scene.energizedTick:
      return [
        {
          type: 'permit.decision.v1',
          region: west,
          entity: 'mesa-block-2-energization',
          data: { agency: 'utility-study-desk', outcome: 'granted', reason: 'script', effectiveTime: toWire(atMs) },
        },
        {
          type: 'permit.phase.v1',
          region: west,
          entity: 'mesa-block-2-energization',
          data: { project: 'mesa', agency: 'utility-study-desk', phase: 'granted', previousPhase: 'under-review', deadlineTime: null },
        },
        {
          type: 'buildout.stage.v1',
          region: west,
          entity: 'mesa',
          data: { block: 2, stage: 'energized', previousStage: 'energization', site: 'mesa', waitingFor: [], expectedTime: null },
        },
        { type: 'buildout.block.v1', region: west, entity: 'mesa', data: { block: 2, campus: 'mesa', capacityMw: 200, energizedMw: 300 } },
        {
          type: 'cluster.limit.v1',
          region: west,
          entity: 'mesa',
          data: { limitMw: 300, previousLimitMw: 100, reason: 'block 2 energized' },
        },
      ];
    case scene.tripTick:
      return [
        {
          type: 'grid.contingency.v1',
          region: central,
          entity: 'central-cc-3',
          data: { equipment: 'unit', change: 'trip', capacityMw: 450, reason: 'script' },
        },
        {
          type: 'grid.state.v1',
          region: 'all',
          entity: 'system',
          data: { state: 'watch', previousState: 'normal', availableReserveMw: 870 },
        },
        {
          type: 'alarm.raised.v1',
          region: 'all',
          entity: 'reserve-low',
          data: {
            severity: 'high',
            origin: 'world',
            subject: 'system',
            summary: 'Operating reserve 870 MW is below its requirement of 950 MW.',
            consequence: 'The loss of the largest unit could not be covered.',
            action: 'Check that flexible load was called.',
          },
        },
      ];
    case scene.targetFromTick:
      return [
        {
          type: 'cluster.plan.v1',
          region: central,
          entity: 'riverbend',
          data: {
            epoch: 1,
            reductionMw: 126,
            measures: [
              { run: 'atlas', measure: 'cap', capRatio: 0.7, reductionMw: 24, baselineMw: 131 },
              { run: 'cinder', measure: 'pause', capRatio: 0, reductionMw: 53, baselineMw: 66 },
            ],
          },
        },
        {
          type: 'control.outcome.v1',
          region: central,
          entity: 'riverbend',
          data: { order: 'loadtarget/1', result: 'accepted', reason: '', setPointMw: 355, reductionMw: 126 },
        },
        {
          type: 'cluster.throttle.v1',
          region: central,
          entity: 'atlas',
          data: { campus: 'riverbend', epoch: 1, capRatio: 0.7, powerMw: 107 },
        },
        {
          type: 'cluster.checkpoint.v1',
          region: central,
          entity: 'cinder',
          data: { campus: 'riverbend', epoch: 1, checkpointedSteps: 98_120, saveSeconds: 5 },
        },
        {
          type: 'cluster.pause.v1',
          region: central,
          entity: 'cinder',
          data: { campus: 'riverbend', epoch: 1, checkpointedSteps: 98_120, lostSteps: 0 },
        },
        {
          type: 'training.phase.v1',
          region: central,
          entity: 'cinder',
          data: { campus: 'riverbend', phase: 'holding', previousPhase: 'curtailed', epoch: 1, untilTime: null },
        },
      ];
    default:
      return [];
  }
}
