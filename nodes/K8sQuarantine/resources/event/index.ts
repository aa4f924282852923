import type { Resource } from '../operation';
import { record } from './record';

/** Kubernetes Events, which `kubectl get events` shows. */
export const event: Resource = { name: 'Event', value: 'event', operations: [record] };
