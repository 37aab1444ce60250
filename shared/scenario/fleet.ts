import { draw } from '../domain/random.js';
import type { Network } from './networkSchema.js';
import type { Campus, Contract, Run, World } from './schema.js';
import { contracts as riverbendContracts, trainingRun } from './threeAreas/clusters.js';
import { threeAreas } from './threeAreas/world.js';

/** How large a fleet is, and the seed of its sizes. */
export interface FleetSize {
  readonly campuses: number;
  readonly runs: number;
  readonly seed: number;
}

/** Facility power of an accelerator with its servers, kW; as in the three areas. */
const acceleratorKw = 2;
/** Sizes of runs in accelerators; a run is one of them. */
const sizes = [1_024, 2_048, 4_096, 8_192] as const;
/** Share of what a campus of the three areas draws that is inference, at its daily low and top. */
const inferenceRatio = { low: 0.25, top: 0.44 } as const;

/**
 * A fleet of campuses with two contracts each, inference and training runs, over the buses of the three areas; the grid is as many times
 * larger as the fleet is larger than the campuses there, so that it holds as well as they do. Ticks of an hour; sizes and strikes are drawn
 * from the seed.
 */
export function fleetWorld(size: FleetSize): World {
  const runs = Array.from({ length: size.runs }, (_, index) => fleetRun(size, index));
  const campuses = Array.from({ length: size.campuses }, (_, index) => fleetCampus(size, index, runs));
  const scale = limitsMw(campuses) / limitsMw(threeAreas.campuses);
  const { reserve, regions, network, frequency } = threeAreas;
  return {
    ...threeAreas,
    name: `fleet-${size.campuses}-${size.runs}`,
    title: `A fleet of ${size.campuses} campuses and ${size.runs} runs`,
    seed: size.seed,
    clock: { ...threeAreas.clock, tickMinutes: 60 },
    regions: regions.map((region) =>
      region.load.kind === 'load' ? { ...region, load: { ...region.load, peakMw: scale * region.load.peakMw } } : region,
    ),
    network: scaledNetwork(network, scale),
    reserve: {
      requirementMw: scale * reserve.requirementMw,
      shortageSteps: reserve.shortageSteps.map((step) => ({ ...step, widthMw: scale * step.widthMw })),
      watchBelowMw: scale * reserve.watchBelowMw,
      warningBelowMw: scale * reserve.warningBelowMw,
      emergencyBelowMw: scale * reserve.emergencyBelowMw,
    },
    frequency: {
      ...frequency,
      externalInertiaMws: scale * frequency.externalInertiaMws,
      externalResponseMwPerTenthHz: scale * frequency.externalResponseMwPerTenthHz,
      everyTicks: 24,
    },
    campuses,
    runs,
    contracts: campuses.flatMap((campus) => fleetContracts(size, campus, runs)),
    agencies: [],
    projects: [],
    script: [],
  };
}

/** Runs are dealt out to the campuses in turn; three to thirty months of work, part of it done. */
function fleetRun({ campuses, seed }: FleetSize, index: number): Run {
  const id = `run-${index + 1}`;
  const drawn = (purpose: string): number => draw({ seed, component: 'fleet', entity: id, purpose, n: 0 });
  const accelerators = sizes[Math.floor(drawn('size') * sizes.length)] ?? sizes[0];
  const totalSteps = Math.round(1_300_000 + drawn('work') * 11_700_000);
  return trainingRun({
    id,
    campus: `campus-${(index % campuses) + 1}`,
    accelerators,
    facilityMw: (accelerators * acceleratorKw) / 1_000,
    totalSteps,
    initialSteps: Math.round(0.8 * drawn('done') * totalSteps),
  });
}

function fleetCampus({ seed }: FleetSize, index: number, runs: readonly Run[]): Campus {
  const id = `campus-${index + 1}`;
  const buses = threeAreas.network.buses;
  const trainingMw = trainingOf(id, runs);
  const inferenceMaxMw = inferenceRatio.top * trainingMw;
  return {
    id,
    name: `Campus ${index + 1}`,
    bus: buses[index % buses.length]?.id ?? '',
    limitMw: trainingMw + inferenceMaxMw,
    inferenceMinMw: inferenceRatio.low * trainingMw,
    inferenceMaxMw,
    inferencePeakHour: Math.floor(14 + 8 * draw({ seed, component: 'fleet', entity: id, purpose: 'peak', n: 0 })),
    rampUpRatio: 0.1,
  };
}

/** The two contracts of Riverbend for a campus of another size, at strikes of 0.7 to 1.3 times theirs. */
function fleetContracts({ seed }: FleetSize, campus: Campus, runs: readonly Run[]): Contract[] {
  const trainingMw = trainingOf(campus.id, runs);
  return riverbendContracts.map((contract, index) => {
    const strikeRatio = 0.7 + 0.6 * draw({ seed, component: 'fleet', entity: campus.id, purpose: 'strike', n: index });
    return {
      ...contract,
      id: `${campus.id}-${'ab'[index] ?? index}`,
      campus: campus.id,
      maxReductionMw: (contract.tranche === 'pause' ? 0.48 : 0.36) * trainingMw,
      strikeUsdPerMwh: Math.round(contract.strikeUsdPerMwh * strikeRatio),
    };
  });
}

function trainingOf(campus: string, runs: readonly Run[]): number {
  return runs.reduce((sum, run) => (run.campus === campus ? sum + run.facilityMw : sum), 0);
}

function limitsMw(campuses: readonly Campus[]): number {
  return campuses.reduce((sum, campus) => sum + campus.limitMw, 0);
}

/** A network of which everything in MW is as many times larger; what it does per MW stays. */
function scaledNetwork(network: Network, scale: number): Network {
  const times = (mw: number | null): number | null => (mw === null ? null : scale * mw);
  return {
    ...network,
    lines: network.lines.map((line) => ({
      ...line,
      ratingMw: times(line.ratingMw),
      emergencyRatingMw: times(line.emergencyRatingMw),
      reactancePu: line.reactancePu / scale,
    })),
    interfaces: network.interfaces.map((limit) => ({
      ...limit,
      limitMw: scale * limit.limitMw,
      reverseLimitMw: times(limit.reverseLimitMw),
    })),
    units: network.units.map((unit) => ({
      ...unit,
      capacityMw: scale * unit.capacityMw,
      dailyEnergyMwh: times(unit.dailyEnergyMwh),
      inertiaMws: scale * unit.inertiaMws,
    })),
    storages: network.storages.map((storage) => ({
      ...storage,
      powerMw: scale * storage.powerMw,
      energyMwh: scale * storage.energyMwh,
      initialMwh: scale * storage.initialMwh,
    })),
  };
}
