import type { Storage } from '../../scenario/networkSchema.js';

/** Energy that can be kept from one hour to another: a battery, a pumped store, a tank of solar heat. */
export interface Reservoir {
  /** What it may take from the grid and what it may give, MW. */
  readonly chargeMw: number;
  readonly dischargeMw: number;
  readonly energyMwh: number;
  readonly chargeEfficiencyRatio: number;
  readonly dischargeEfficiencyRatio: number;
}

/** The reservoir of a storage. */
export function reservoirOf(storage: Storage): Reservoir {
  const { powerMw, energyMwh, chargeEfficiencyRatio, dischargeEfficiencyRatio } = storage;
  return { chargeMw: powerMw, dischargeMw: powerMw, energyMwh, chargeEfficiencyRatio, dischargeEfficiencyRatio };
}

/** How the energy in store changes in an hour in which this much is taken from the grid, MWh; below 0 it is given. */
export function changeMwhOf(reservoir: Reservoir, netMw: number): number {
  return netMw > 0 ? netMw * reservoir.chargeEfficiencyRatio : netMw / reservoir.dischargeEfficiencyRatio;
}

/** Energy in store after an hour, within what the reservoir holds, MWh. */
export function storedAfter(reservoir: Reservoir, storedMwh: number, netMw: number): number {
  return Math.min(reservoir.energyMwh, Math.max(0, storedMwh + changeMwhOf(reservoir, netMw)));
}

/** What is taken from the grid in an hour so that the energy in store changes by this much, MW. */
export function netMwOf(reservoir: Reservoir, changeMwh: number): number {
  if (Math.abs(changeMwh) < 1e-9) return 0;
  return changeMwh > 0 ? changeMwh / reservoir.chargeEfficiencyRatio : changeMwh * reservoir.dischargeEfficiencyRatio;
}

/** What a reservoir could add within the hour, for an hour, beyond what it does already, MW. */
export function reserveMwOf(reservoir: Reservoir, storedMwh: number, netMw: number): number {
  const lastsMw = storedMwh * reservoir.dischargeEfficiencyRatio + Math.min(0, netMw);
  return Math.max(0, Math.min(reservoir.dischargeMw + netMw, lastsMw));
}
