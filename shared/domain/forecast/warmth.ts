import { hourMs } from '../ticks.js';
import { leadCount, warmthParts, type ProfileShape } from './features.js';

/** Temperatures of a place, for forecasts of a shape. */
export interface WarmthSource extends ProfileShape {
  /** Mean temperature of the hour that ends then, C; NaN: unknown. */
  readonly temperatureC: (endMs: number) => number;
}

/** Below this people heat, above that they cool, C. Source: base temperatures of degree days, 60 and 68 F, for hourly load. */
const [heatBelowC, coolAboveC] = [15.6, 20];

const heating = (celsius: number): number => Math.max(0, heatBelowC - celsius);
const cooling = (celsius: number): number => Math.max(0, celsius - coolAboveC);

/**
 * What a forecast issued then knows of temperature: mean degrees of heating and of cooling in the last day, the change of its mean from
 * the day before, and the last hour; where the hours ahead are known, also the degrees of each sixth of them. NaN where no hour is known.
 */
export function warmthOf(source: WarmthSource, issuedMs: number): Float64Array {
  const { weather, leadFrom, temperatureC } = source;
  if (weather === 'none') return new Float64Array(0);
  const mean = (fromLead: number, hours: number, of: (celsius: number) => number): number => {
    let [sum, known] = [0, 0];
    for (let lead = fromLead; lead < fromLead + hours; lead++) {
      const celsius = temperatureC(issuedMs + lead * hourMs);
      if (Number.isNaN(celsius)) continue;
      sum += of(celsius);
      known += 1;
    }
    return sum / known;
  };
  const plain = (celsius: number): number => celsius;
  const seen = [mean(-23, 24, heating), mean(-23, 24, cooling), mean(-23, 24, plain) - mean(-47, 24, plain), mean(0, 1, plain)];
  const leads = leadCount(source);
  const parts = weather === 'observed' ? [] : Array.from({ length: warmthParts }, (_, part) => part);
  const ahead = parts.flatMap((part) => {
    const [from, to] = [Math.floor((part * leads) / warmthParts), Math.floor(((part + 1) * leads) / warmthParts)];
    return [heating, cooling].map((degrees) => mean(leadFrom + from, Math.max(1, to - from), degrees));
  });
  return Float64Array.from([...seen, ...ahead]);
}
