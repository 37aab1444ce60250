/** Letters that have to be put in, left out, changed or swapped with their neighbour to make one word of another (Damerau, 1964). */
export function editDistance(from: string, to: string): number {
  let [older, old]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, place) => place)];
  for (let row = 1; row <= from.length; row++) {
    const next = [row];
    for (let place = 1; place <= to.length; place++) {
      const isSame = from[row - 1] === to[place - 1];
      let least = Math.min((old[place] ?? 0) + 1, (next[place - 1] ?? 0) + 1, (old[place - 1] ?? 0) + (isSame ? 0 : 1));
      if (row > 1 && place > 1 && from[row - 1] === to[place - 2] && from[row - 2] === to[place - 1])
        least = Math.min(least, (older[place - 2] ?? 0) + 1);
      next.push(least);
    }
    [older, old] = [old, next];
  }
  return old[to.length] ?? 0;
}

/** The names nearest to a misspelt one, at most `most`, nearest first; case does not count. */
export function nearestNames(found: string, known: readonly string[], most = 3): readonly string[] {
  const far = known.map((name, place) => ({ name, place, distance: editDistance(found.toLowerCase(), name.toLowerCase()) }));
  far.sort((a, b) => a.distance - b.distance || a.place - b.place);
  return far.slice(0, most).map(({ name }) => name);
}
