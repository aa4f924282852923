import { access } from './access';
import { approval } from './approval';
import { event } from './event';
import { exception } from './exception';
import { incident } from './incident';
import type { Resource } from './operation';
import { pod } from './pod';
import { quarantine } from './quarantine';
import { record } from './record';

/** Everything that the node works on; the first is its default. */
export const RESOURCES: readonly [Resource, ...Resource[]] = [
  pod,
  quarantine,
  approval,
  exception,
  incident,
  record,
  event,
  access,
];
