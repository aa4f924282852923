import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node';

import type { z } from 'zod/v4';

import { PipelineError } from '../../../core/errors';
import { CUSTOM_RESOURCES, NAMESPACES } from '../../../core/names';
import type { KubernetesClient } from './client';
import { apiCall } from './errors';

/** One of our own objects as the API server gives it; core's schemas read it. */
export type CustomObject = KubernetesObject & { spec?: unknown; status?: unknown };

type Plural = string;

const PLACE = { group: CUSTOM_RESOURCES.group, version: CUSTOM_RESOURCES.version, namespace: NAMESPACES.responder };

const described = (plural: Plural, name?: string): string =>
  `${plural} ${NAMESPACES.responder}${name === undefined ? '' : `/${name}`}`;

export async function readObject(
  { custom, server }: KubernetesClient,
  plural: Plural,
  name: string,
): Promise<CustomObject> {
  return apiCall({ what: `read ${described(plural, name)}`, server }, async () => {
    const read: unknown = await custom.getNamespacedCustomObject({ ...PLACE, plural, name });
    return read as CustomObject;
  });
}

export async function listObjects(
  { custom, server }: KubernetesClient,
  plural: Plural,
  fieldSelector?: string,
): Promise<KubernetesListObject<CustomObject>> {
  return apiCall({ what: `list ${described(plural)}`, server }, async () => {
    const selected = fieldSelector === undefined ? {} : { fieldSelector };
    const read: unknown = await custom.listNamespacedCustomObject({ ...PLACE, plural, ...selected });
    return read as KubernetesListObject<CustomObject>;
  });
}

export async function createObject(
  { custom, server }: KubernetesClient,
  plural: Plural,
  body: KubernetesObject,
  dryRun = false,
): Promise<CustomObject> {
  return apiCall({ what: `create ${described(plural, body.metadata?.name)}`, server }, async () => {
    const made: unknown = await custom.createNamespacedCustomObject({
      ...PLACE,
      plural,
      body,
      ...(dryRun ? { dryRun: 'All' } : {}),
    });
    return made as CustomObject;
  });
}

/** Replaces an object's status. Its resourceVersion makes the API server refuse (409) what was changed since it was read. */
export async function replaceStatus(
  client: KubernetesClient,
  plural: Plural,
  body: CustomObject,
  dryRun = false,
): Promise<CustomObject> {
  const name = body.metadata?.name ?? '';
  return apiCall({ what: `update ${described(`${plural}/status`, name)}`, server: client.server }, async () => {
    const made: unknown = await client.custom.replaceNamespacedCustomObjectStatus({
      ...PLACE,
      plural,
      name,
      body,
      ...(dryRun ? { dryRun: 'All' } : {}),
    });
    return made as CustomObject;
  });
}

/** Reads an object that only the responder writes. @throws PipelineError `rejected` when it is not of our form */
export function readOwn<T>(schema: z.ZodType<T>, kind: string, object: CustomObject): T {
  const result = schema.safeParse(object);
  if (result.success) return result.data;
  throw new PipelineError(
    'rejected',
    `${kind} ${object.metadata?.name ?? ''} is not readable: ${result.error.message}`,
    { nextStep: `Somebody else wrote it: look at it, and at who may write ${kind} objects.` },
  );
}

/** Versions of one kind can be compared as numbers (Kubernetes 1.35 promises it, every etcd-backed server does it). */
export function versionOf({ metadata }: { metadata: { resourceVersion: string } }): bigint {
  return BigInt(metadata.resourceVersion);
}

/** An object as it is sent to replace the version that was read. */
export function atVersion<T extends { metadata: { name: string; namespace: string } }>(
  fresh: T,
  { resourceVersion }: { resourceVersion: string },
  status: unknown,
) {
  return { ...fresh, metadata: { ...fresh.metadata, resourceVersion }, status };
}
