import { createClusterModel } from '../../shared/domain/cluster/model.js';
import { runModelService } from '../../shared/runtime/service.js';

await runModelService('cluster-demand', createClusterModel);
