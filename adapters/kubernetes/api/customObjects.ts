import type { KubernetesListObject, KubernetesObject } from '@kubernetes/client-node';

import type { z } from 'zod/v4';

import { PipelineError } from '../../../core/errors';
import { CUSTOM_RESOURCES, NAMESPACES } from '../../../core/names';
import type { KubernetesClient } from './client';
import { wallTime } from './clock';
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

/** What one answer of the API server holds at most. */
const PAGE = 100;

/** The kinds of lists: of whole objects, or of their metadata alone, which are small whatever the objects hold. */
type ListForm = 'objects' | 'metadata';

const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/**
 * The objects that a field selector selects, page by page.
 * @throws PipelineError `unreachable` when the API server no longer has the version that the first page is of
 */
export async function* objectPages(
  { custom, server }: KubernetesClient,
  plural: Plural,
  fieldSelector?: string,
  form: ListForm = 'objects',
  limit = PAGE,
): AsyncGenerator<KubernetesListObject<CustomObject>> {
  const options = form === 'metadata' ? [await accept(METADATA_ONLY)] : [];
  const selected = fieldSelector === undefined ? {} : { fieldSelector };
  let next: string | undefined;
  do {
    const from = next === undefined ? {} : { _continue: next };
    const page = await apiCall({ what: `list ${described(plural)}`, server }, async () => {
      const wanted = { ...PLACE, plural, ...selected, ...from, limit };
      const read: unknown = await custom.listNamespacedCustomObject(wanted, ...options);
      return withItems(read as KubernetesListObject<CustomObject>);
    });
    yield page;
    next = continueOf(page);
  } while (next !== undefined && next !== '');
}

/** The API server sends an empty list of metadata with `items: null`. */
function withItems(page: KubernetesListObject<CustomObject>): KubernetesListObject<CustomObject> {
  const { items } = page as { items: CustomObject[] | null };
  return { ...page, items: items ?? [] };
}

/** The client gives custom objects as the API server sent them, with its own names. */
function continueOf({ metadata }: KubernetesListObject<CustomObject>): string | undefined {
  return (metadata as { continue?: string } | undefined)?.continue;
}

async function accept(form: string) {
  const { setHeaderOptions } = await import('@kubernetes/client-node');
  return setHeaderOptions('Accept', form);
}

/** The first objects that a field selector selects, if it may select more than anybody should read. */
export async function firstObjects(
  client: KubernetesClient,
  plural: Plural,
  fieldSelector: string,
  most: number,
): Promise<CustomObject[]> {
  for await (const { items } of objectPages(client, plural, fieldSelector, 'objects', most)) return items;
  return [];
}

/** All objects that a field selector selects; it should select no more than are needed. */
export async function listObjects(
  client: KubernetesClient,
  plural: Plural,
  fieldSelector?: string,
): Promise<KubernetesListObject<CustomObject>> {
  const items: CustomObject[] = [];
  let last: KubernetesListObject<CustomObject> = { items };
  for await (const page of objectPages(client, plural, fieldSelector)) {
    items.push(...page.items);
    last = page;
  }
  return { ...last, items };
}

export async function createObject(
  client: KubernetesClient,
  plural: Plural,
  body: KubernetesObject,
  dryRun = false,
): Promise<CustomObject> {
  const what = `create ${described(plural, body.metadata?.name)}`;
  const made = await apiCall({ what, server: client.server }, async () => {
    const created: unknown = await client.custom.createNamespacedCustomObject({
      ...PLACE,
      plural,
      body,
      ...(dryRun ? { dryRun: 'All' } : {}),
    });
    return created as CustomObject;
  });
  // Not waited for: the record is written, and an alert may wait for it.
  void client.unknownFields.report(client, wallTime());
  return made;
}

/** Replaces an object's status. Its resourceVersion makes the API server refuse (409) what was changed since it was read. */
export async function replaceStatus(
  client: KubernetesClient,
  plural: Plural,
  body: CustomObject,
  dryRun = false,
): Promise<CustomObject> {
  const name = body.metadata?.name ?? '';
  const what = `update ${described(`${plural}/status`, name)}`;
  const made = await apiCall({ what, server: client.server }, async () => {
    const replaced: unknown = await client.custom.replaceNamespacedCustomObjectStatus({
      ...PLACE,
      plural,
      name,
      body,
      ...(dryRun ? { dryRun: 'All' } : {}),
    });
    return replaced as CustomObject;
  });
  void client.unknownFields.report(client, wallTime());
  return made;
}

/** One version of one object. */
export interface Version {
  name: string;
  uid: string;
  resourceVersion: string;
}

/** Deletes exactly this version. @throws PipelineError `conflict` when it was changed or replaced since, `not_found` */
export async function deleteVersion(
  { custom, server }: KubernetesClient,
  plural: Plural,
  { name, uid, resourceVersion }: Version,
): Promise<void> {
  await apiCall({ what: `delete ${described(plural, name)}`, server }, () =>
    custom.deleteNamespacedCustomObject({
      ...PLACE,
      plural,
      name,
      body: { preconditions: { uid, resourceVersion } },
    }),
  );
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
