import { assert } from '../assert.js';

/** Supply on the site of a campus. */
export interface Backup {
  readonly battery: {
    readonly powerMw: number;
    /** What it delivers from full to empty. */
    readonly energyMwh: number;
    /** Delivered over drawn; losses fall on charging. */
    readonly efficiencyRatio: number;
  };
  readonly generators: {
    readonly powerMw: number;
    readonly startSeconds: number;
    /** Fuel on the site, as hours at full power. */
    readonly fuelHours: number;
    readonly usdPerMwh: number;
  };
}

/** What is left in store. */
export interface Stored {
  /** What the battery can still deliver, MWh. */
  readonly batteryMwh: number;
  /** What the fuel can still give, MWh of electricity. */
  readonly fuelMwh: number;
}

/** What is taken first: the battery costs less, generators keep the battery for what is beyond them. */
export type CarryOrder = 'battery-first' | 'generators-first';

/** A stretch of time over which the same powers carry, MW; hours from the start. */
export interface CarryPiece {
  readonly fromHours: number;
  readonly toHours: number;
  readonly batteryMw: number;
  readonly generatorMw: number;
  readonly leftMw: number;
}

/** How a residual was served. */
export interface Carried {
  /** Means over the time asked for, MW; the three add up to the residual. */
  readonly batteryMw: number;
  readonly generatorMw: number;
  readonly leftMw: number;
  readonly servedMw: number;
  readonly generatorMwh: number;
  readonly costUsd: number;
  readonly pieces: readonly CarryPiece[];
  readonly stored: Stored;
  /** Share of the battery that is full, 0..1; 0 without one. */
  readonly chargeRatio: number;
}

/** A backup with everything full. */
export function fullyStored({ battery, generators }: Backup): Stored {
  return { batteryMwh: battery.energyMwh, fuelMwh: generators.powerMw * generators.fuelHours };
}

const toleranceMw = 1e-9;

/**
 * Serves a constant residual in MW for some hours from battery and generators; what they cannot serve is left. Exact: powers change only
 * where generators come up, the battery is empty, or the fuel is used up. Generators are started at once when the battery will not do
 * alone; `areRunning` spares their start.
 */
export function carry(
  backup: Backup,
  stored: Stored,
  asked: { readonly residualMw: number; readonly hours: number; readonly order?: CarryOrder; readonly areRunning?: boolean },
): Carried {
  const { residualMw, hours, order = 'battery-first', areRunning = false } = asked;
  assert(residualMw >= 0 && hours >= 0, `a residual of ${residualMw} MW over ${hours} h can be carried`);
  const startHours = areRunning ? 0 : backup.generators.startSeconds / 3_600;
  let { batteryMwh, fuelMwh } = stored;
  const pieces: CarryPiece[] = [];
  for (let now = 0; now < hours; ) {
    const batteryTopMw = batteryMwh > 0 ? backup.battery.powerMw : 0;
    const generatorTopMw = fuelMwh > 0 && now >= startHours ? backup.generators.powerMw : 0;
    const first = Math.min(residualMw, order === 'battery-first' ? batteryTopMw : generatorTopMw);
    const second = Math.min(residualMw - first, order === 'battery-first' ? generatorTopMw : batteryTopMw);
    const [batteryMw, generatorMw] = order === 'battery-first' ? [first, second] : [second, first];
    const ends = [
      hours,
      now < startHours ? startHours : hours,
      batteryMw > 0 ? now + batteryMwh / batteryMw : hours,
      generatorMw > 0 ? now + fuelMwh / generatorMw : hours,
    ];
    const toHours = Math.min(...ends);
    const lasts = toHours - now;
    pieces.push({ fromHours: now, toHours, batteryMw, generatorMw, leftMw: leftOf(residualMw - first - second) });
    batteryMwh = toHours === ends[2] && batteryMw > 0 && toHours < hours ? 0 : Math.max(0, batteryMwh - batteryMw * lasts);
    fuelMwh = toHours === ends[3] && generatorMw > 0 && toHours < hours ? 0 : Math.max(0, fuelMwh - generatorMw * lasts);
    now = toHours;
  }
  return summed(backup, asked, pieces, { batteryMwh, fuelMwh });
}

/**
 * Charges the battery from the grid with a power in MW for some hours; answers what it took, which is less where it is full before. Losses
 * are in what it takes.
 */
export function recharge(
  { battery }: Backup,
  stored: Stored,
  offered: { readonly powerMw: number; readonly hours: number },
): { readonly drawnMw: number; readonly stored: Stored } {
  if (offered.hours <= 0) return { drawnMw: 0, stored };
  const missingMwh = Math.max(0, battery.energyMwh - stored.batteryMwh);
  const wantedMw = Math.min(offered.powerMw, battery.powerMw, missingMwh / battery.efficiencyRatio / offered.hours);
  const batteryMwh = Math.min(battery.energyMwh, stored.batteryMwh + wantedMw * offered.hours * battery.efficiencyRatio);
  return { drawnMw: wantedMw, stored: { ...stored, batteryMwh } };
}

function summed(
  { battery, generators }: Backup,
  { residualMw, hours }: { readonly residualMw: number; readonly hours: number },
  pieces: readonly CarryPiece[],
  stored: Stored,
): Carried {
  const mwh = (field: 'batteryMw' | 'generatorMw'): number =>
    pieces.reduce((sum, piece) => sum + piece[field] * (piece.toHours - piece.fromHours), 0);
  const generatorMwh = mwh('generatorMw');
  const [batteryMw, generatorMw] = hours > 0 ? [mwh('batteryMw') / hours, generatorMwh / hours] : [0, 0];
  const servedMw = Math.min(residualMw, batteryMw + generatorMw);
  return {
    batteryMw,
    generatorMw,
    servedMw,
    leftMw: leftOf(residualMw - servedMw),
    generatorMwh,
    costUsd: generatorMwh * generators.usdPerMwh,
    pieces,
    stored,
    chargeRatio: battery.energyMwh > 0 ? stored.batteryMwh / battery.energyMwh : 0,
  };
}

function leftOf(mw: number): number {
  return mw > toleranceMw ? mw : 0;
}
