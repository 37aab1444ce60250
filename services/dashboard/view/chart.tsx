import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { schemeNow } from './nav.js';
import { shiftedMs, timeOfDay, type Zone } from './format.js';

/** One curve; colours are names of CSS properties, so that light and dark differ. */
export interface Curve {
  readonly label: string;
  readonly colour: `--${string}`;
  /** Fills down to the curve before it, for stacks. */
  readonly isFilled?: boolean;
  readonly isDashed?: boolean;
  readonly widthPx?: number;
}

interface ChartProps {
  /** Must stay the same object while the curves stay the same. */
  readonly curves: readonly Curve[];
  /** `[curve][instant]`; stacks are summed before. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Twin ms UTC, rising. */
  readonly timesMs: readonly number[];
  readonly zone: Zone;
  readonly heightPx: number;
  /** Least height of the axis. */
  readonly leastTop: number;
  /** Highest value that is drawn; above it curves leave the picture. */
  readonly greatestTop?: number;
  readonly label: string;
  /** Told which instant the pointer is over; null: none. */
  readonly onPoint: (index: number | null) => void;
}

/** A live line chart over twin time. Drawn anew only when its curves, the zone or the colour scheme change. */
export function Chart({ curves, values, timesMs, zone, heightPx, leastTop, greatestTop = Infinity, label, onPoint }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const scheme = useColourScheme();
  const data = alignedData(timesMs, values, zone);
  const latest = useRef({ data, onPoint });
  latest.current = { data, onPoint };

  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const made = new uPlot(
      optionsOf({
        curves,
        heightPx,
        leastTop,
        greatestTop,
        widthPx: element.clientWidth,
        onPoint: (index) => latest.current.onPoint(index),
      }),
      latest.current.data,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [curves, heightPx, leastTop, greatestTop, scheme]);

  useEffect(() => plot.current?.setData(data), [timesMs, values, zone.kind]);
  return <div class="chart" ref={place} style={{ height: `${heightPx}px` }} role="img" aria-label={label} />;
}

function alignedData(timesMs: readonly number[], values: ChartProps['values'], zone: Zone): uPlot.AlignedData {
  return [timesMs.map((timeMs) => shiftedMs(timeMs, zone) / 1_000), ...values.map((curve) => [...curve])];
}

interface Look extends Pick<ChartProps, 'curves' | 'heightPx' | 'leastTop' | 'onPoint'> {
  readonly greatestTop: number;
  readonly widthPx: number;
}

function optionsOf({ curves, heightPx, widthPx, leastTop, greatestTop, onPoint }: Look): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  return {
    width: widthPx,
    height: heightPx,
    padding: [6, 16, 0, 0],
    legend: { show: false },
    cursor: { points: { show: false }, drag: { x: false, y: false }, y: false },
    // Instants were moved into the zone before, so their UTC fields are what is to be read.
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    scales: { y: { range: (_plot, low, high) => [Math.min(0, low ?? 0), Math.min(greatestTop, Math.max(leastTop, (high ?? 0) * 1.06))] } },
    axes: [
      { ...axis, size: 22, space: 70, values: (_plot, splits) => splits.map((seconds) => timeLabel(seconds * 1_000)) },
      { ...axis, size: 46, space: 34, values: (_plot, splits) => splits.map((value) => value.toLocaleString('en-US')) },
    ],
    series: [
      {},
      ...curves.map(
        (curve): uPlot.Series => ({
          label: curve.label,
          stroke: colour(curve.colour),
          width: curve.widthPx ?? (curve.isFilled === true ? 0 : 1.5),
          points: { show: false },
          ...(curve.isDashed === true ? { dash: [4, 4] } : {}),
          ...(curve.isFilled === true ? { fill: colour(curve.colour) } : {}),
        }),
      ),
    ],
    hooks: { setCursor: [(plot) => onPoint(plot.cursor.idx ?? null)] },
  };
}

function timeLabel(shiftedTimeMs: number): string {
  const text = timeOfDay(shiftedTimeMs, { kind: 'utc', utcOffsetMinutes: 0 });
  if (text !== '00:00') return text;
  const at = new Date(shiftedTimeMs);
  return `${at.getUTCDate()}.${at.getUTCMonth() + 1}.`;
}

/** `light` or `dark`, as the person's system or the person asks for it. */
function useColourScheme(): string {
  const [scheme, setScheme] = useState(schemeNow());
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const change = (): void => setScheme(schemeNow());
    query.addEventListener('change', change);
    addEventListener('scheme', change);
    return () => {
      query.removeEventListener('change', change);
      removeEventListener('scheme', change);
    };
  }, []);
  return scheme;
}
