const [width, height] = [240, 36] as const;

interface SparkProps {
  readonly values: readonly (number | null)[];
  /** Drawn thin behind the values. */
  readonly reference: readonly (number | null)[];
  /** Value at the top edge; the bottom is zero. */
  readonly topMw: number;
}

/** A trend without axes; gaps stay gaps. */
export function Spark({ values, reference, topMw }: SparkProps) {
  return (
    <svg class="spark" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <path class="limit" d={`M0 0.5H${width}`} />
      <path class="reference" d={path(reference, topMw)} />
      <path class="line" d={path(values, topMw)} />
    </svg>
  );
}

function path(values: readonly (number | null)[], topMw: number): string {
  let text = '';
  let isGap = true;
  values.forEach((value, index) => {
    if (value === null || topMw <= 0) {
      isGap = true;
      return;
    }
    const x = values.length < 2 ? width : (index / (values.length - 1)) * width;
    const y = height - Math.min(1, Math.max(0, value / topMw)) * (height - 1);
    text += `${isGap ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    isGap = false;
  });
  return text;
}
