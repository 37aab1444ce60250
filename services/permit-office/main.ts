import { createPermitOfficeModel } from '../../shared/domain/permit/office.js';
import { runModelService } from '../../shared/runtime/service.js';

await runModelService('permit-office', createPermitOfficeModel);
