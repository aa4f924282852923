import { join, resolve } from 'node:path';

export const CHECKOUT = resolve(import.meta.dirname, '..');
export const CASES = join(import.meta.dirname, 'cases');

/** Answers of models and results of runs. Nothing in it is needed to run again, but answers cost time and money. */
export const STATE = join(CHECKOUT, '.eval');
