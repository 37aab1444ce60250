import type { AdequacySystem, FirmSupply } from '../../shared/domain/adequacy/system.js';

/**
 * The IEEE Reliability Test System of 1979: 32 units, 3,405 MW, and its load model of 52 weeks with a peak of 2,850 MW.
 * Source: IEEE Committee Report, IEEE Trans. Power Apparatus and Systems PAS-98(6), 1979, tables 1, 2, 3 and 6.
 */
const unitKinds = [
  { units: 5, capacityMw: 12, meanHoursToFailure: 2_940, meanHoursToRepair: 60 },
  { units: 4, capacityMw: 20, meanHoursToFailure: 450, meanHoursToRepair: 50 },
  { units: 6, capacityMw: 50, meanHoursToFailure: 1_980, meanHoursToRepair: 20 },
  { units: 4, capacityMw: 76, meanHoursToFailure: 1_960, meanHoursToRepair: 40 },
  { units: 3, capacityMw: 100, meanHoursToFailure: 1_200, meanHoursToRepair: 50 },
  { units: 4, capacityMw: 155, meanHoursToFailure: 960, meanHoursToRepair: 40 },
  { units: 3, capacityMw: 197, meanHoursToFailure: 950, meanHoursToRepair: 50 },
  { units: 1, capacityMw: 350, meanHoursToFailure: 1_150, meanHoursToRepair: 100 },
  { units: 2, capacityMw: 400, meanHoursToFailure: 1_100, meanHoursToRepair: 150 },
];
const peakMw = 2_850;
const weekPercent = [
  86.2, 90.0, 87.8, 83.4, 88.0, 84.1, 83.2, 80.6, 74.0, 73.7, 71.5, 72.7, 70.4, 75.0, 72.1, 80.0, 75.4, 83.7, 87.0, 88.0, 85.6, 81.1, 90.0,
  88.7, 89.6, 86.1, 75.5, 81.6, 80.1, 88.0, 72.2, 77.6, 80.0, 72.9, 72.6, 70.5, 78.0, 69.5, 72.4, 72.4, 74.3, 74.4, 80.0, 88.1, 88.5, 90.9,
  94.0, 89.0, 94.2, 97.0, 100.0, 95.2,
];
const dayPercent = [93, 100, 98, 96, 94, 77, 75];
const hourPercent = {
  winter: {
    weekday: [67, 63, 60, 59, 59, 60, 74, 86, 95, 96, 96, 95, 95, 95, 93, 94, 99, 100, 100, 96, 91, 83, 73, 63],
    weekend: [78, 72, 68, 66, 64, 65, 66, 70, 80, 88, 90, 91, 90, 88, 87, 87, 91, 100, 99, 97, 94, 92, 87, 81],
  },
  summer: {
    weekday: [64, 60, 58, 56, 56, 58, 64, 76, 87, 95, 99, 100, 99, 100, 100, 97, 96, 96, 93, 92, 92, 93, 87, 72],
    weekend: [74, 70, 66, 65, 64, 62, 62, 66, 81, 86, 91, 93, 93, 92, 91, 91, 92, 94, 95, 95, 100, 93, 88, 80],
  },
  between: {
    weekday: [63, 62, 60, 58, 59, 65, 72, 85, 95, 99, 100, 99, 93, 92, 90, 88, 90, 92, 96, 98, 96, 90, 80, 70],
    weekend: [75, 73, 69, 66, 65, 65, 68, 74, 83, 89, 92, 94, 91, 90, 90, 86, 85, 88, 92, 100, 97, 95, 90, 85],
  },
};

/** The system over its 364 days, with the load of each hour, or with the peak of its day in every hour. */
export function rts79(load: 'hourly' | 'daily-peak'): AdequacySystem {
  const hours = weekPercent.length * 7 * 24;
  const firm = unitKinds.flatMap(({ units, capacityMw, ...twoState }): FirmSupply[] =>
    Array.from({ length: units }, (_, n) => ({
      id: `u${capacityMw}-${n + 1}`,
      source: 'other',
      technology: '',
      capacityMw,
      twoState,
      planned: [],
    })),
  );
  const loadMw = Float64Array.from({ length: hours }, (_, hour) => {
    const week = Math.floor(hour / 168);
    const day = Math.floor(hour / 24) % 7;
    const dayPeakMw = (peakMw * (weekPercent[week] ?? NaN) * (dayPercent[day] ?? NaN)) / 1e4;
    if (load === 'daily-peak') return dayPeakMw;
    const season = week < 8 || week >= 43 ? 'winter' : week >= 17 && week < 30 ? 'summer' : 'between';
    return (dayPeakMw * (hourPercent[season][day < 5 ? 'weekday' : 'weekend'][hour % 24] ?? NaN)) / 100;
  });
  return { startMs: 0, hours, loadMw, firm, weather: [] };
}
