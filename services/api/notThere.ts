import { TwinError } from '../../shared/runtime/errors.js';

const namedLimit = 12;

/** Somebody asked for something of a name that nothing has; says what there is, or how many more. */
export class NotThere extends TwinError {
  constructor(what: string, found: string, known: readonly string[]) {
    const more = known.length > namedLimit ? ` and ${known.length - namedLimit} more` : '';
    const allowed = known.length === 0 ? 'none, there is none yet' : `${known.slice(0, namedLimit).join(', ')}${more}`;
    super('TWIN_WRONG_INPUT', `${what}: found ${JSON.stringify(found)}, allowed: ${allowed}`);
  }
}
