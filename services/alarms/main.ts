import { createAlarmModel } from '../../shared/domain/alarm/alarms.js';
import { runModelService } from '../../shared/runtime/service.js';

await runModelService('alarms', createAlarmModel);
