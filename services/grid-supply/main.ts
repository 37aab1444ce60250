import { createGridModel } from '../../shared/domain/grid/model.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { runModelService } from '../../shared/runtime/service.js';

await runModelService('grid-supply', async (world) => createGridModel(world, await loadHighsSolver()));
