/** How instants are written: the scenario's local standard time, or UTC. */
export interface Zone {
  readonly kind: 'local' | 'utc';
  /** Local standard time minus UTC. */
  readonly utcOffsetMinutes: number;
}

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const nothing = '–';
/** Keeps a number and its unit on one line. */
const nb = '\u00a0';

/** A whole number with thousands separated; a dash when unknown. */
export function number(value: number | null | undefined): string {
  return value === null || value === undefined ? nothing : whole.format(value + 0);
}

/** MW, or GW from ten thousand on. */
export function power(valueMw: number | null | undefined): string {
  if (valueMw === null || valueMw === undefined) return nothing;
  return Math.abs(valueMw) >= 10_000 ? `${tenths.format(valueMw / 1_000)}${nb}GW` : `${whole.format(valueMw)}${nb}MW`;
}

/** USD per MWh, with cents only below ten. */
export function price(valueUsdPerMwh: number | null | undefined): string {
  if (valueUsdPerMwh === null || valueUsdPerMwh === undefined) return nothing;
  const digits = Math.abs(valueUsdPerMwh) < 99.95 ? tenths : whole;
  return `${digits.format(Math.abs(valueUsdPerMwh) < 0.05 ? 0 : valueUsdPerMwh)}${nb}$/MWh`;
}

/** Frequency to the hundredth. */
export function hertz(valueHz: number): string {
  return `${valueHz.toFixed(2)}${nb}Hz`;
}

/** USD, negative with a minus sign. */
export function money(valueUsd: number): string {
  return `${valueUsd < 0 ? '−' : ''}$${whole.format(Math.abs(valueUsd))}`;
}

/** A ratio as percent. */
export function percent(ratio: number | null | undefined, digits: 0 | 1 = 0): string {
  if (ratio === null || ratio === undefined) return nothing;
  return `${(digits === 0 ? whole : tenths).format(ratio * 100)}${nb}%`;
}

/** Twin seconds per wall second. */
export function rate(value: number | null): string {
  if (value === null) return nothing;
  return `${value < 10 && !Number.isInteger(value) ? tenths.format(value) : whole.format(value)}×`;
}

/** A wall-clock age: tenths of a second, then seconds, minutes, hours. */
export function age(valueMs: number | null): string {
  if (valueMs === null) return nothing;
  const seconds = Math.max(0, valueMs) / 1_000;
  if (seconds < 10) return `${tenths.format(seconds)}${nb}s`;
  if (seconds < 120) return `${whole.format(seconds)}${nb}s`;
  return seconds < 7_200 ? `${whole.format(seconds / 60)}${nb}min` : `${whole.format(seconds / 3_600)}${nb}h`;
}

/** A twin duration: minutes, hours, days, years. */
export function duration(valueMs: number): string {
  const minutes = Math.max(0, valueMs) / 60_000;
  if (minutes < 120) return `${whole.format(minutes)}${nb}min`;
  if (minutes < 48 * 60) return `${whole.format(minutes / 60)}${nb}h`;
  const days = minutes / 1_440;
  return days < 730 ? `${whole.format(days)}${nb}d` : `${tenths.format(days / 365.25)}${nb}years`;
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Twin ms UTC moved so that the UTC fields of a Date of it read as in the zone. */
export function shiftedMs(timeMs: number, zone: Zone): number {
  return zone.kind === 'utc' ? timeMs : timeMs + zone.utcOffsetMinutes * 60_000;
}

/** `17:35`. */
export function timeOfDay(timeMs: number, zone: Zone): string {
  return new Date(shiftedMs(timeMs, zone)).toISOString().slice(11, 16);
}

/** `Tue 13 Jul 2027`. */
export function date(timeMs: number, zone: Zone): string {
  const at = new Date(shiftedMs(timeMs, zone));
  return `${weekdays[at.getUTCDay()]} ${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
}

/** `13 Jul 17:35`. */
export function shortInstant(timeMs: number, zone: Zone): string {
  const at = new Date(shiftedMs(timeMs, zone));
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${timeOfDay(timeMs, zone)}`;
}

/** `UTC−6`, `UTC+5:30`, `UTC`. */
export function zoneName(zone: Zone): string {
  if (zone.kind === 'utc' || zone.utcOffsetMinutes === 0) return 'UTC';
  const minutes = Math.abs(zone.utcOffsetMinutes);
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`;
  return `UTC${zone.utcOffsetMinutes < 0 ? '−' : '+'}${Math.floor(minutes / 60)}${rest}`;
}

/** A slug as people read it: `gas-cc` becomes `gas cc`. */
export function spaced(slug: string): string {
  return slug.replaceAll('-', ' ');
}
