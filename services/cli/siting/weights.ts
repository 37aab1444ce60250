import { criteria, type Criterion } from '../../../shared/domain/siting/ranking.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { fromZero, numberIn } from '../dispatch/options.js';

/**
 * Weights written as `surplus=2,price=1`: what is named counts, what is not does not; all count as 1 when nothing is written.
 * @throws TWIN_WRONG_INPUT
 */
export function weightsIn(found: string | undefined): Record<Criterion, number> {
  const weights = Object.fromEntries(criteria.map((criterion) => [criterion, found === undefined ? 1 : 0])) as Record<Criterion, number>;
  if (found === undefined) return weights;
  const seen = new Set<string>();
  for (const part of found.split(',')) {
    const [name = '', value, ...rest] = part.split('=').map((text) => text.trim());
    const criterion = criteria.find((each) => each === name);
    if (criterion === undefined || value === undefined || rest.length > 0)
      throw wrongInput(
        `--weights: found ${part === '' ? 'nothing' : part}, allowed: NAME=NUMBER with commas between; ${criteria.join(', ')}`,
      );
    if (seen.has(name)) throw wrongInput(`--weights: found ${name} a second time, allowed: each once`);
    seen.add(name);
    weights[criterion] = numberIn(`--weights ${name}`, value, fromZero);
  }
  if (criteria.every((criterion) => weights[criterion] === 0)) throw wrongInput('--weights: found 0 throughout, allowed: one above 0');
  return weights;
}
