export { buildout } from './buildout.js';
export { permit } from './permit.js';
export { study } from './study.js';
export { training } from './training.js';
