import type { StudyStore } from '../../../shared/bus/studies.js';
import { cellsOf, type StudyCell } from '../../../shared/domain/study/cells.js';
import type { CellResult } from '../../../shared/domain/study/cell.js';
import { TwinError } from '../../../shared/runtime/errors.js';
import type { Study } from '../../../shared/scenario/study/schema.js';
import type { ReadStudy } from '../../../shared/scenario/study/read.js';
import { fileText, type KeptCell } from './folder.js';
import { manifestOf, samplesOf, type Manifest } from './manifest.js';
import { keepingOf } from './kept.js';
import type { ThreadStart } from './messages.js';

/** Everything a worker needs to run cells of a study, wherever it is. */
export interface HostedInputs {
  readonly manifest: Manifest;
  readonly study: Study;
  readonly start: ThreadStart;
}

/** A study as it lies in the object store of a root. */
export interface HostedStudy {
  readonly id: string;
  inputs(): Promise<HostedInputs>;
  result(index: number): Promise<KeptCell | null>;
  keepResult(cell: StudyCell, result: CellResult): Promise<void>;
  underWay(cell: StudyCell): Promise<string | null>;
  keepUnderWay(cell: StudyCell, text: string): Promise<void>;
  /** Places of the cells that have a result, rising. */
  finished(): Promise<readonly number[]>;
}

const digits = 5;

/** Id of a study on the servers: the same inputs are the same study, whoever asks for them. */
export function idOf({ study, hash }: Pick<Manifest, 'study' | 'hash'>): string {
  return `${study.name}-${hash.slice(0, 8)}`;
}

/** Inputs as they are kept. */
export function inputsOf(read: ReadStudy, keepEveryMs: number): HostedInputs {
  const { study, base, untilMs, begin } = read;
  return {
    manifest: manifestOf(read),
    study,
    start: {
      base,
      untilMs,
      metrics: study.metrics,
      stop: study.stop ?? [],
      samples: samplesOf(study),
      begin,
      keep: keepingOf(study),
      keepEveryMs,
    },
  };
}

/** A study of a store. */
export function hostedStudy(store: StudyStore, id: string): HostedStudy {
  const nameOf = (index: number, ending: string): string => `${id}/cells/${String(index).padStart(digits, '0')}${ending}`;
  return {
    id,
    inputs: async () => {
      const text = await store.read(`${id}/inputs.json`);
      if (text === null)
        throw new TwinError('TWIN_NOT_RUNNING', `study ${id}: has no inputs here; \`npx loadstone study run\` brings them`);
      return JSON.parse(text) as HostedInputs;
    },
    result: async (index) => {
      const text = await store.read(nameOf(index, '.json'));
      return text === null ? null : (JSON.parse(text) as KeptCell);
    },
    keepResult: async ({ index, key, group }, result) => {
      await store.write(nameOf(index, '.json'), fileText({ index, key, group, ...result }));
      await store.remove(nameOf(index, '.under-way.json')).catch(absent);
    },
    underWay: ({ index }) => store.read(nameOf(index, '.under-way.json')),
    keepUnderWay: ({ index }, text) => store.write(nameOf(index, '.under-way.json'), text),
    finished: async () => {
      const names = await store.names(`${id}/cells/`);
      return names.flatMap((name) => {
        const found = /\/(\d+)\.json$/.exec(name)?.[1];
        return found === undefined ? [] : [Number(found)];
      });
    },
  };
}

/** Ids of the studies that have inputs in a store. */
export async function hostedIds(store: StudyStore): Promise<readonly string[]> {
  return (await store.names('')).flatMap((name) => (name.endsWith('/inputs.json') ? [name.slice(0, -'/inputs.json'.length)] : []));
}

/** Cells of a study by their place. */
export function cellsOfInputs({ study }: HostedInputs): readonly StudyCell[] {
  return cellsOf(study);
}

/** What was never kept needs no removing. */
function absent(error: unknown): void {
  if (!(error instanceof Error && /not found/i.test(error.message))) throw error;
}
