import { runService } from '../../shared/runtime/service.js';
import { startApi } from './api.js';

await runService('api', startApi);
