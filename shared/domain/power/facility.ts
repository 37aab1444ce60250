import { throughputRatio, type CapCurve } from '../cluster/throughput.js';
import { coolingPowerMw, plainCooling, type Cooling } from '../facility/cooling.js';

/** A campus of equal accelerators. */
export interface Facility extends CapCurve {
  readonly accelerators: number;
  readonly acceleratorW: number;
  readonly acceleratorIdleRatio: number;
  /** What servers draw beside the accelerators, W an accelerator at full work, and the share of it that stays. */
  readonly serverW: number;
  readonly serverIdleRatio: number;
  /** Network as a share of server power at full work; it draws the same at any work. */
  readonly networkRatio: number;
  readonly acceleratorsPerRack: number;
  /** Electrical losses: a share of rated IT power without load, and a share of what flows. */
  readonly standingLossRatio: number;
  readonly flowLossRatio: number;
  readonly cooling: Cooling;
}

/** Power of a facility; MW at the campus, kW at the rack. */
export interface FacilityPower {
  readonly acceleratorsMw: number;
  readonly serversMw: number;
  readonly networkMw: number;
  readonly coolingMw: number;
  readonly lossesMw: number;
  readonly campusMw: number;
  readonly rackKw: number;
  readonly pueRatio: number;
  readonly throughputRatio: number;
}

/**
 * A campus of H100 servers. 700 W rated; 8.4 kW measured for 8 accelerators leaves 350 W beside each; idle 0.11 (vendor test); servers
 * keep 128 of 350 W idle (lowest plateau of Seren's servers less their accelerators); network 1.10, losses and cooling are assumed so that
 * PUE is within 1.08-1.25 from 5 to 30 C. Cap curve: fit over V100 and RTX 6000. Source: docs/facility.md.
 */
export const h100Facility: Omit<Facility, 'accelerators'> = {
  acceleratorW: 700,
  acceleratorIdleRatio: 0.11,
  serverW: 350,
  serverIdleRatio: 0.37,
  networkRatio: 0.1,
  acceleratorsPerRack: 32,
  standingLossRatio: 0.02,
  flowLossRatio: 0.03,
  staticRatio: 0.39,
  capExponent: 4,
  cooling: plainCooling,
};

/** What the accelerators do: work under a cap of 0..1 of their draw, or stand idle, as in a paused run. */
export type Duty = { readonly kind: 'work'; readonly capRatio: number } | { readonly kind: 'idle' };

/** Power of a facility at an outside temperature in C. Chillers take what the economiser leaves: facility/cooling.ts. */
export function facilityPower(facility: Facility, duty: Duty, outsideC: number): FacilityPower {
  const { accelerators: count, cooling } = facility;
  const idle = facility.acceleratorIdleRatio;
  const drawRatio = duty.kind === 'idle' ? idle : Math.max(idle, Math.min(1, duty.capRatio));
  const acceleratorsMw = (count * facility.acceleratorW * drawRatio) / 1e6;
  const serversMw = (count * facility.serverW * (duty.kind === 'idle' ? facility.serverIdleRatio : 1)) / 1e6;
  const fullServerMw = (count * (facility.acceleratorW + facility.serverW)) / 1e6;
  const networkMw = facility.networkRatio * fullServerMw;
  const ratedMw = fullServerMw + networkMw;
  const itMw = acceleratorsMw + serversMw + networkMw;
  const lossesMw = facility.standingLossRatio * ratedMw + facility.flowLossRatio * itMw;
  const coolingMw = coolingPowerMw(cooling, { ratedMw, itMw, heatMw: itMw + lossesMw }, outsideC);
  const campusMw = itMw + lossesMw + coolingMw;
  return {
    acceleratorsMw,
    serversMw,
    networkMw,
    coolingMw,
    lossesMw,
    campusMw,
    rackKw: ((acceleratorsMw + serversMw) * 1_000 * facility.acceleratorsPerRack) / count,
    pueRatio: campusMw / itMw,
    throughputRatio: duty.kind === 'idle' ? 0 : throughputRatio(facility, duty.capRatio),
  };
}

/** Accelerators, whole ones, whose full work draws a campus power in MW at an outside temperature in C. */
export function acceleratorsWithin(plan: Omit<Facility, 'accelerators'>, campusMw: number, outsideC: number): number {
  const one = facilityPower({ ...plan, accelerators: 1 }, { kind: 'work', capRatio: 1 }, outsideC).campusMw;
  return Math.floor(campusMw / one + 1e-9);
}
