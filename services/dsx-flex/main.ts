import { runService } from '../../shared/runtime/service.js';
import { startAgent } from './agent.js';

await runService('dsx-flex', startAgent);
