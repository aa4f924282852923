import type { CoreV1Api } from '@kubernetes/client-node';

import { NAMESPACES } from '../../../core/names';
import { incidentEvent, RESPONDER_SUBJECT } from '../../../core/response/event';
import { hash } from '../../../core/alert/identity';

const REASON = 'DefinitionsOutdated';
/** Fields that are remembered; the API server names at most a hundred in one answer. */
const MOST = 20;
/** Characters of their names in an Event, whose message may have 1,024 bytes. */
const LONGEST_LIST = 600;

/**
 * Fields that the API server did not know and dropped, by the `Warning` headers of its answer (RFC 9111: `299 - "text"`, more of
 * them separated by commas): `unknown field "status.x"`, as it says since Kubernetes 1.27 unless it is asked not to.
 */
export function unknownFieldsIn(warning: string | undefined): string[] {
  return [...(warning ?? '').matchAll(/unknown field \\?"((?:spec|status)[\w.[\]]*)\\?"/g)].map(([, field = '']) =>
    field.replace(/\[\d+\]/g, '[]'),
  );
}

/** What one client has heard, and whether it has said so. */
export class UnknownFields {
  readonly #fields = new Set<string>();
  #isReported = true;

  hear(warning: string | undefined): void {
    for (const field of unknownFieldsIn(warning)) {
      if (this.#fields.has(field) || this.#fields.size >= MOST) continue;
      this.#fields.add(field);
      this.#isReported = false;
    }
  }

  /** Leaves an Event on the responder that names them, once for those of a kind; a failure to do so is tried again. */
  async report({ core }: { core: CoreV1Api }, now: Date): Promise<void> {
    if (this.#isReported) return;
    this.#isReported = true;
    const fields = [...this.#fields].sort();
    const message =
      "The API server dropped fields of the pipeline's records that it does not know: " +
      `${fields.join(', ').slice(0, LONGEST_LIST)}. Its definitions are older than this package, and what needs these fields does ` +
      'not work. Apply manifests/crds of this version.';
    const name = `definitions-outdated-${hash(fields).slice(0, 12)}`;
    const namespace = NAMESPACES.responder;
    const event = incidentEvent(RESPONDER_SUBJECT, REASON, message, now);
    try {
      await core.createNamespacedEvent({ namespace, body: { ...event, metadata: { namespace, name } } });
    } catch (error) {
      // Another process was first, or the next write says it.
      if ((error as { code?: unknown }).code !== 409) this.#isReported = false;
    }
  }
}
