/** A cooling plant with an economiser and chillers behind it. */
export interface Cooling {
  readonly supplyC: number;
  readonly returnC: number;
  /** Outside air must be this much colder than the coolant it cools. */
  readonly economiserApproachK: number;
  readonly condenserApproachK: number;
  readonly evaporatorApproachK: number;
  /** Share of Carnot's coefficient of performance that chillers reach. */
  readonly carnotRatio: number;
  /** Fans and pumps at full heat, as a share of rated IT power; they follow the cube of the flow down to `leastFlowRatio`. */
  readonly movingRatio: number;
  readonly leastFlowRatio: number;
}

/** Liquid cooling of a new site; assumed so that PUE is within 1.08-1.25 from 5 to 30 C. Source: docs/facility.md. */
export const plainCooling: Cooling = {
  supplyC: 27,
  returnC: 39,
  economiserApproachK: 5,
  condenserApproachK: 12,
  evaporatorApproachK: 5,
  carnotRatio: 0.55,
  movingRatio: 0.04,
  leastFlowRatio: 0.5,
};

/** What is to be cooled, MW: the IT power the plant is built for, what runs of it, and the heat of that with electrical losses. */
export interface HeatLoad {
  readonly ratedMw: number;
  readonly itMw: number;
  readonly heatMw: number;
}

/** Power of a cooling plant in MW at an outside temperature in C; chillers take what the economiser leaves. */
export function coolingPowerMw(cooling: Cooling, { ratedMw, itMw, heatMw }: HeatLoad, outsideC: number): number {
  const flowRatio = Math.max(cooling.leastFlowRatio, ratedMw > 0 ? itMw / ratedMw : 0);
  const chillersMw = (heatMw * chillerShare(cooling, outsideC)) / chillerCop(cooling, outsideC);
  return cooling.movingRatio * ratedMw * flowRatio ** 3 + chillersMw;
}

/** Largest heat in MW whose own power and cooling together stay within a limit in MW at an outside temperature in C. */
export function heatWithinMw(cooling: Cooling, ratedMw: number, limitMw: number, outsideC: number): number {
  const drawMw = (heatMw: number): number => heatMw + coolingPowerMw(cooling, { ratedMw, itMw: heatMw, heatMw }, outsideC);
  if (drawMw(0) >= limitMw) return 0;
  let [low, high] = [0, limitMw];
  for (let halving = 0; halving < 50; halving++) {
    const middle = (low + high) / 2;
    if (drawMw(middle) <= limitMw) low = middle;
    else high = middle;
  }
  return low;
}

/** Share of the heat that chillers carry, 0..1: none while outside air cools the coolant to supply, all once it does not cool it at all. */
export function chillerShare({ supplyC, returnC, economiserApproachK }: Cooling, outsideC: number): number {
  return Math.min(1, Math.max(0, (outsideC + economiserApproachK - supplyC) / (returnC - supplyC)));
}

/** Heat carried by chillers for each unit of power: a share of Carnot's Tc / (Th - Tc), in kelvin (ASHRAE Fundamentals, ch. 2); at most 20. */
export function chillerCop(cooling: Cooling, outsideC: number): number {
  const coldK = cooling.supplyC - cooling.evaporatorApproachK + 273.15;
  const liftK = outsideC + cooling.condenserApproachK + 273.15 - coldK;
  return liftK <= 0 ? 20 : Math.min(20, (cooling.carnotRatio * coldK) / liftK);
}
