import type { World } from '../../scenario/schema.js';
import { hourMs } from '../ticks.js';
import { floatAt, intAt } from './dense.js';
import type { Outlook } from './outlook.js';
import type { StorageInput } from './problem.js';

type Storage = World['network']['storages'][number];

/** Blocks of energy whose worth is told apart. */
const blocks = 24;
/** Smallest worth of energy in store, USD/MWh: keeps charging and discharging at once a loss. */
const leastValueUsdPerMwh = 0.01;

/**
 * What each block of energy in store is worth now, given expected prices, [blocks + 1]: backward recursion of the marginal value of a
 * price-taking storage over the outlook.
 * A block is worth what it earns when it is best sold or best kept (piecewise form of Xu, Korpas and Botterud 2020). At the end of the
 * outlook it is worth the median price.
 */
export function storageWorth(storage: Storage, outlook: Outlook): Float64Array {
  const prices = outlook.priceUsdPerMwh;
  const blockMwh = storage.energyMwh / blocks;
  const stepHours = outlook.stepMs / hourMs;
  const inBlocks = (storage.powerMw * stepHours * storage.chargeEfficiencyRatio) / blockMwh;
  const outBlocks = (storage.powerMw * stepHours) / storage.dischargeEfficiencyRatio / blockMwh;
  const median = floatAt(prices.slice().sort(), Math.floor(prices.length / 2));
  const [filledTo, emptiedTo] = [levelsFrom(inBlocks), levelsFrom(-outBlocks)];
  let [worth, next] = [new Float64Array(blocks + 1).fill(median), new Float64Array(blocks + 1)];
  for (let step = prices.length - 1; step >= 1; step--) {
    const price = floatAt(prices, step);
    const buyAt = price / storage.chargeEfficiencyRatio;
    const sellAt = price * storage.dischargeEfficiencyRatio;
    for (let level = 0; level <= blocks; level++) {
      // Charging pays until the block that charging would fill is worth no more than what filling it costs; likewise for discharging.
      const ifFilled = level + inBlocks > blocks ? 0 : worthAt(worth, filledTo, level);
      const ifEmptied = level - outBlocks < 0 ? Infinity : worthAt(worth, emptiedTo, level);
      next[level] = ifFilled > buyAt ? ifFilled : ifEmptied < sellAt ? ifEmptied : Math.min(Math.max(floatAt(worth, level), sellAt), buyAt);
    }
    [worth, next] = [next, worth];
  }
  return worth;
}

/**
 * What a storage brings to a dispatch: it charges where power costs less than the worth of what arrives, and discharges where it earns
 * more than the worth of what leaves.
 * `worth` comes from `storageWorth`.
 */
export function storageInput(storage: Storage, storedMwh: number, worth: Float64Array): StorageInput {
  const level = (storedMwh / storage.energyMwh) * blocks;
  const worthOf = (place: number): number => Math.max(leastValueUsdPerMwh, levelOf(worth, Math.min(blocks, Math.max(0, place))));
  const dischargeValueUsdPerMwh = worthOf(level - 0.5);
  return { storedMwh, dischargeValueUsdPerMwh, chargeValueUsdPerMwh: Math.min(dischargeValueUsdPerMwh, worthOf(level + 0.5)) };
}

/** Energy in store after a tick, MWh, within its limits. */
export function storedAfter(
  storage: Storage,
  storedMwh: number,
  flow: { readonly chargeMw: number; readonly dischargeMw: number; readonly hours: number },
): number {
  const inMwh = flow.chargeMw * storage.chargeEfficiencyRatio * flow.hours;
  const outMwh = (flow.dischargeMw / storage.dischargeEfficiencyRatio) * flow.hours;
  return Math.min(storage.energyMwh, Math.max(0, storedMwh + inMwh - outMwh));
}

/**
 * Worth of a MWh to a unit with a daily budget: the price of the best steps left in the local day that the budget does not reach, so that
 * it runs in the better ones.
 * 0 when the budget lasts for the rest of the day.
 */
export function waterValue(
  outlook: Outlook,
  left: { readonly budgetMwh: number; readonly capacityMw: number; readonly untilMidnightMs: number },
): number {
  const steps = Math.min(outlook.priceUsdPerMwh.length, Math.ceil(left.untilMidnightMs / outlook.stepMs));
  const best = Array.from(outlook.priceUsdPerMwh.subarray(0, steps)).sort((a, b) => b - a);
  const reached = Math.floor(left.budgetMwh / (left.capacityMw * (outlook.stepMs / hourMs)));
  return best[reached] ?? 0;
}

/** Worth between two levels, by straight lines. */
function levelOf(worth: Float64Array, level: number): number {
  const low = lowBlock(level);
  return floatAt(worth, low) + (floatAt(worth, low + 1) - floatAt(worth, low)) * (level - low);
}

function lowBlock(level: number): number {
  return Math.min(blocks - 1, Math.max(0, Math.floor(level)));
}

/** Levels reached from each block by a step that is always the same: the block below, and how far above it. */
interface Levels {
  readonly low: Int32Array;
  readonly above: Float64Array;
}

function levelsFrom(step: number): Levels {
  const [low, above] = [new Int32Array(blocks + 1), new Float64Array(blocks + 1)];
  for (let level = 0; level <= blocks; level++) {
    low[level] = lowBlock(level + step);
    above[level] = level + step - intAt(low, level);
  }
  return { low, above };
}

function worthAt(worth: Float64Array, { low, above }: Levels, level: number): number {
  const block = intAt(low, level);
  return floatAt(worth, block) + (floatAt(worth, block + 1) - floatAt(worth, block)) * floatAt(above, level);
}
