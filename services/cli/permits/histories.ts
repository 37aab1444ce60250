import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { PermitFact, PermitHistory } from '../../../shared/domain/permit/standardFacts.js';
import { permitDecision, permitFiling, permitPhase, permitReview } from '../../../shared/events/permit.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { readJson } from '../../../shared/scenario/files.js';

/** What `permit show --json` prints, as far as it is read here. */
const shown = Compile(
  Type.Object({
    permit: Type.Object({ id: Type.String(), project: Type.String(), agency: Type.String() }),
    facts: Type.Array(Type.Object({ type: Type.String(), timeMs: Type.Number(), region: Type.String(), data: Type.Unknown() })),
  }),
);

/**
 * The history of one permit as `permit show --json` prints it.
 * @throws TWIN_WRONG_INPUT naming the field that is none of it.
 */
export async function readHistory(path: string): Promise<PermitHistory> {
  const value = await readJson(path);
  if (!shown.Check(value)) {
    const [first] = shown.Errors(value);
    const field = first?.instancePath.replaceAll('/', '.').replace(/^\./, '') || 'file';
    throw wrongInput(`${path}: ${field}: found another form, allowed: what \`permit show --json\` prints (${first?.message ?? ''})`);
  }
  const facts = value.facts.map((fact, place) => factOf(fact, `${path}: facts[${place}]`));
  const { id, project, agency } = value.permit;
  return { permit: id, project, agency, region: value.facts[0]?.region ?? 'all', facts };
}

function factOf(
  { type, timeMs, data }: { readonly type: string; readonly timeMs: number; readonly data: unknown },
  place: string,
): PermitFact {
  const definitions = [permitFiling, permitReview, permitDecision, permitPhase];
  const violation = definitions.find((each) => each.type === type)?.violation(data) ?? null;
  if (violation !== null) throw wrongInput(`${place}: found ${violation}, allowed: the data of ${type}`);
  if (type === permitFiling.type && permitFiling.check(data)) return { type, timeMs, data };
  if (type === permitReview.type && permitReview.check(data)) return { type, timeMs, data };
  if (type === permitDecision.type && permitDecision.check(data)) return { type, timeMs, data };
  if (type === permitPhase.type && permitPhase.check(data)) return { type, timeMs, data };
  throw wrongInput(`${place}.type: found ${type}, allowed: ${definitions.map((each) => each.type).join(', ')}`);
}
