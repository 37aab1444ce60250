import { createForecastModel } from '../../shared/domain/forecast/model.js';
import { runModelService } from '../../shared/runtime/service.js';

await runModelService('forecast', createForecastModel);
