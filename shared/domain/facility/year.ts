import { facilityPower, type Facility } from '../power/facility.js';

/** A campus over the hours of a year of weather. */
export interface FacilityYear {
  readonly hours: number;
  readonly meanOutsideC: number;
  /** Energy of the campus over that of computing, over the year. */
  readonly meanPueRatio: number;
  readonly meanCampusMw: number;
  readonly coolingMwh: number;
  readonly hottest: HottestHour;
  /** Hours in which full work would draw more than the connection. */
  readonly hoursAboveLimit: number;
  readonly lostMwh: number;
}

/** The hour with the highest outside temperature, the first of equal ones. */
export interface HottestHour {
  /** From the start of the year, from 0. */
  readonly hour: number;
  readonly outsideC: number;
  readonly pueRatio: number;
  /** What full work would draw. */
  readonly wantMw: number;
  /** Power the accelerators have to give up so that the connection holds, MW, and the share of throughput that goes with it. */
  readonly lostMw: number;
  readonly lostThroughputRatio: number;
}

/** Full work of a facility behind a connection in MW, hour by hour; accelerators are capped where cooling needs what they would draw. */
export function facilityYear(facility: Facility, limitMw: number, outsideC: Float64Array): FacilityYear {
  let [campusMwh, itMwh, coolingMwh, lostMwh, hoursAboveLimit, hottestHour] = [0, 0, 0, 0, 0, 0];
  const cached = new Map<number, ReturnType<typeof hourAt>>();
  outsideC.forEach((celsius, hour) => {
    const at = cached.get(celsius) ?? hourAt(facility, limitMw, celsius);
    cached.set(celsius, at);
    campusMwh += at.power.campusMw;
    itMwh += at.power.campusMw / at.power.pueRatio;
    coolingMwh += at.power.coolingMw;
    lostMwh += at.lostMw;
    if (at.lostMw > 0) hoursAboveLimit += 1;
    if (celsius > (outsideC[hottestHour] ?? Number.POSITIVE_INFINITY)) hottestHour = hour;
  });
  const hottestC = outsideC[hottestHour] ?? 0;
  const hottest = hourAt(facility, limitMw, hottestC);
  const hours = outsideC.length;
  return {
    hours,
    meanOutsideC: outsideC.reduce((sum, celsius) => sum + celsius, 0) / hours,
    meanPueRatio: campusMwh / itMwh,
    meanCampusMw: campusMwh / hours,
    coolingMwh,
    hottest: {
      hour: hottestHour,
      outsideC: hottestC,
      pueRatio: hottest.power.pueRatio,
      wantMw: hottest.wantMw,
      lostMw: hottest.lostMw,
      lostThroughputRatio: 1 - hottest.power.throughputRatio,
    },
    hoursAboveLimit,
    lostMwh,
  };
}

/** Power at an outside temperature behind the connection, and what accelerators give up for it. */
function hourAt(facility: Facility, limitMw: number, outsideC: number) {
  const at = (capRatio: number) => facilityPower(facility, { kind: 'work', capRatio }, outsideC);
  const full = at(1);
  if (full.campusMw <= limitMw * (1 + 1e-9)) return { power: full, wantMw: full.campusMw, lostMw: 0 };
  let [low, high] = [0, 1];
  for (let halving = 0; halving < 40; halving++) {
    const middle = (low + high) / 2;
    if (at(middle).campusMw <= limitMw) low = middle;
    else high = middle;
  }
  const power = at(low);
  return { power, wantMw: full.campusMw, lostMw: full.acceleratorsMw - power.acceleratorsMw };
}
