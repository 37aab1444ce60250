import { runService } from '../../shared/runtime/service.js';
import { startClock } from './clock.js';

await runService('clock', startClock);
