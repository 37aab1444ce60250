import { runService } from '../../shared/runtime/service.js';
import { startAdapter } from './adapter.js';

await runService('adapters', startAdapter);
