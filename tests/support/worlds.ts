import { plainBus, plainLine, plainOperations, plainUnit } from '../../shared/scenario/plain.js';
import type { Contract, Series, Unit, World } from '../../shared/scenario/schema.js';

/** Start of the small world: a Tuesday, 00:00 UTC, which is also its local time. */
export const smallStartTime = '2027-07-13T00:00:00.000Z';
export const smallStartMs = Date.parse(smallStartTime);

/**
 * A world that can be followed by hand: region `north` with buses `a` and `b`, region `south` with bus `c`, in a ring of three equal lines
 * of 200 MW.
 * Loads 60 MW (north) and 100 MW (south), flat. Units: `cheap` 300 MW at 10 (a), `middle` 100 MW at 30 (b), `dear` 100 MW at 60 (c).
 * Campus `campus-1` (c) with run `run-1`
 * and contract `contract-1` (20 MW at 500 $/MWh, 15 minutes' notice, 15 minutes' ramp). Reserve 50 MW, missing at 100 (first 25 MW) and
 * 1,000 $/MWh.
 */
export function smallWorld(overrides: Partial<World> = {}): World {
  return {
    schema: 'loadstone.scenario/1',
    name: 'small',
    title: 'Two regions, three buses',
    seed: 7,
    clock: { startTime: smallStartTime, tickMinutes: 5, marketMinutes: 60, utcOffsetMinutes: 0, rate: 'max', holdAtTime: null },
    regions: [
      { id: 'north', name: 'North', load: { kind: 'series', series: 'north-load' } },
      { id: 'south', name: 'South', load: { kind: 'series', series: 'south-load' } },
    ],
    series: { 'north-load': flatSeries(60), 'south-load': flatSeries(100) },
    network: {
      changes: [],
      buses: [
        { ...plainBus, id: 'a', name: 'A', region: 'north', loadShareRatio: 0.5 },
        { ...plainBus, id: 'b', name: 'B', region: 'north', loadShareRatio: 0.5 },
        { ...plainBus, id: 'c', name: 'C', region: 'south', loadShareRatio: 1 },
      ],
      lines: [smallLine('a-b', 'a', 'b', 200), smallLine('a-c', 'a', 'c', 200), smallLine('b-c', 'b', 'c', 200)],
      links: [],
      interfaces: [],
      storages: [],
      units: [smallUnit('cheap', 'a', 300, 10), smallUnit('middle', 'b', 100, 30), smallUnit('dear', 'c', 100, 60)],
    },
    reserve: {
      requirementMw: 50,
      shortageSteps: [
        { widthMw: 25, priceUsdPerMwh: 100 },
        { widthMw: 25, priceUsdPerMwh: 1_000 },
      ],
      watchBelowMw: 50,
      warningBelowMw: 25,
      emergencyBelowMw: 10,
    },
    ...plainOperations,
    lostLoadUsdPerMwh: 9_000,
    valueOfComputeUsdPerMwh: 662,
    campuses: [
      {
        id: 'campus-1',
        name: 'Campus 1',
        bus: 'c',
        limitMw: 100,
        inferenceMinMw: 10,
        inferenceMaxMw: 20,
        inferencePeakHour: 15,
        rampUpRatio: 0.1,
      },
    ],
    runs: [
      {
        id: 'run-1',
        campus: 'campus-1',
        accelerators: 16_384,
        facilityMw: 33,
        idleRatio: 0.2,
        stepSeconds: 10,
        totalSteps: 1_000_000,
        initialSteps: 1_000,
        checkpointMinutes: 30,
        saveSeconds: 5,
        restartSeconds: 240,
        staticRatio: 0.39,
        capExponent: 4,
        startWithBlock: null,
        rampUpHours: 0,
      },
    ],
    contracts: [smallContract()],
    agencies: [],
    projects: [],
    script: [],
    ...overrides,
  };
}

/** A series with one value for ever. */
export function flatSeries(value: number): Series {
  return { startTime: smallStartTime, stepMinutes: 60, values: [value] };
}

/** A series of values of `stepMinutes` each, from the start of the small world. */
export function stepSeries(stepMinutes: number, values: number[]): Series {
  return { startTime: smallStartTime, stepMinutes, values };
}

/** A firm unit that provides reserve. */
export function smallUnit(id: string, bus: string, capacityMw: number, costUsdPerMwh: number, rest: Partial<Unit> = {}): Unit {
  return {
    ...plainUnit,
    id,
    name: id,
    bus,
    source: 'gas-cc',
    capacityMw,
    costUsdPerMwh,
    availability: null,
    dailyEnergyMwh: null,
    providesReserve: true,
    carbonKgPerMwh: 400,
    ...rest,
  };
}

/** A line of reactance 0.1 p.u. */
export function smallLine(id: string, fromBus: string, toBus: string, ratingMw: number): World['network']['lines'][number] {
  return { ...plainLine, id, fromBus, toBus, reactancePu: 0.1, ratingMw, emergencyRatingMw: 1.2 * ratingMw };
}

/** The contract of the small world. */
export function smallContract(rest: Partial<Contract> = {}): Contract {
  return {
    id: 'contract-1',
    campus: 'campus-1',
    tranche: 'cap-and-pause',
    maxReductionMw: 20,
    maxSiteRatio: 0.5,
    strikeUsdPerMwh: 500,
    noticeMinutes: 15,
    rampMinutes: 15,
    maxEventHours: 4,
    eventsPerYear: 40,
    hoursPerYear: 120,
    penaltyUsdPerMwh: 2_000,
    capRatio: 0.7,
    resumeDelayMinutesMax: 10,
    ...rest,
  };
}

/**
 * A world whose southern load is 280 MW but for the ticks named, when it is `peakMw`: 500 MW of units, 60 MW native in the north, 40 MW
 * campus.
 */
export function peakWorld(peakMw: number, peakTicks: readonly number[], rest: Partial<World> = {}): World {
  const values = Array.from({ length: 288 }, (_, tick) => (peakTicks.includes(tick) ? peakMw : 280));
  const base = smallWorld();
  return smallWorld({ series: { ...base.series, 'south-load': stepSeries(5, values) }, ...rest });
}
