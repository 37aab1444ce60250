import type { FactOf } from '../../shared/domain/fact.js';
import { pastOf } from './pastView.js';
import type { BlockView, View } from './viewTypes.js';

/** Key of a block of a project among `View.blocks`. */
export function blockKey(project: string, block: number): string {
  return `${project}/${block}`;
}

function put(view: View, key: string, block: BlockView): View {
  return { ...view, blocks: { ...view.blocks, [key]: block } };
}

/** Stage, site and capacity of a block. */
export function observeBlock(
  view: View,
  fact: FactOf<'buildout.stage.v1'> | FactOf<'buildout.block.v1'> | FactOf<'buildout.site.v1'>,
): View {
  const project = projectOf(view, fact.entity);
  const key = blockKey(project, fact.data.block);
  const known: BlockView = view.blocks[key] ?? {
    project,
    block: fact.data.block,
    campus: project,
    capacityMw: 0,
    stage: 'planned',
    site: project,
    waitingFor: [],
    expectedTime: null,
    sinceMs: null,
    past: [],
  };
  switch (fact.type) {
    case 'buildout.stage.v1': {
      const { stage, site, waitingFor, expectedTime } = fact.data;
      const past = pastOf(known.past, known.stage, known.sinceMs, stage);
      return put(view, key, { ...known, stage, site, waitingFor, expectedTime, sinceMs: fact.timeMs, past });
    }
    case 'buildout.block.v1':
      return put(view, key, { ...known, campus: fact.data.campus, capacityMw: fact.data.capacityMw });
    case 'buildout.site.v1':
      return put(view, key, { ...known, campus: fact.data.campus, site: fact.data.toSite });
  }
}

/** Project a buildout fact speaks of, whether its entity is the project or one of its blocks. */
function projectOf(view: View, entity: string): string {
  const found = Object.values(view.blocks).find(({ project }) => entity === project || entity.startsWith(`${project}-`));
  return found?.project ?? entity;
}
