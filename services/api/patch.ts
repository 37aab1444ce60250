import type { View, ViewPatch } from './viewTypes.js';

/** What has to be put into `before` to get `after`; all of `after` when there is no before. Compares by identity, one entity at a time. */
export function diffView(before: View | null, after: View): ViewPatch {
  if (before === null) return after;
  const patch: Record<string, Record<string, unknown>> = {};
  for (const section of Object.keys(after)) {
    const [old, now] = [before[section as keyof View], after[section as keyof View]] as unknown as [Section, Section];
    if (old === now) continue;
    const changed = Object.entries(now).filter(([key, value]) => old[key] !== value);
    if (changed.length > 0) patch[section] = Object.fromEntries(changed);
  }
  return patch;
}

type Section = Readonly<Record<string, unknown>>;
