/** A run that has arrived at a campus where it did not begin. */
export interface Moved {
  readonly run: string;
  readonly campus: string;
}

/** The list after one more arrival; a run stands in it once. */
export function withArrival(moved: readonly Moved[], { run, campus }: Moved): readonly Moved[] {
  return [...moved.filter((other) => other.run !== run), { run, campus }];
}

/** Runs of a world where they are now. */
export function runsWhereTheyAre<Placed extends { readonly id: string; readonly campus: string }>(
  runs: readonly Placed[],
  moved: readonly Moved[],
): readonly Placed[] {
  if (moved.length === 0) return runs;
  const campusOf = new Map(moved.map(({ run, campus }) => [run, campus]));
  return runs.map((run) => {
    const campus = campusOf.get(run.id);
    return campus === undefined || campus === run.campus ? run : { ...run, campus };
  });
}

/** What follows from who has moved, worked out anew when somebody arrives. */
export function byMoved<Value>(build: (moved: readonly Moved[]) => Value): (moved: readonly Moved[]) => Value {
  let last: { readonly moved: readonly Moved[]; readonly value: Value } | null = null;
  return (moved) => {
    if (last === null || last.moved !== moved) last = { moved, value: build(moved) };
    return last.value;
  };
}
