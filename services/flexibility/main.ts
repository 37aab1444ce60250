import { createFlexibilityModel } from '../../shared/domain/flexibility/model.js';
import { runModelService } from '../../shared/runtime/service.js';

await runModelService('flexibility', createFlexibilityModel);
