import type { Resource } from '../operation';
import { check } from './check';

/** What the credential gives access to. */
export const access: Resource = { name: 'Access', value: 'access', operations: [check] };
