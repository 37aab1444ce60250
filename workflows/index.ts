export { buildout } from './buildout.js';
export { permit } from './permit.js';
export { training } from './training.js';
