import { wrongInput } from '../runtime/errors.js';

/** Lower-case slug of a name: everything but letters and digits becomes a dash (`121_NUCLEAR_1`: `121-nuclear-1`). */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/**
 * Slug of each name, in the order given.
 * @throws TWIN_WRONG_INPUT when two names become one slug, or a name has no letter or digit; `place` names the file and column.
 */
export function uniqueSlugs(names: readonly string[], place: string): Map<string, string> {
  const nameOf = new Map<string, string>();
  const slugs = new Map<string, string>();
  for (const name of names) {
    const slug = slugOf(name);
    if (slug === '') throw wrongInput(`${place}: found ${JSON.stringify(name)}, allowed: a name with a letter or digit`);
    const other = nameOf.get(slug);
    if (other !== undefined) {
      const found =
        other === name ? `${JSON.stringify(name)} twice` : `${JSON.stringify(other)} and ${JSON.stringify(name)}, both "${slug}" as id`;
      throw wrongInput(`${place}: found ${found}, allowed: names that stay different as ids`);
    }
    nameOf.set(slug, name);
    slugs.set(name, slug);
  }
  return slugs;
}
