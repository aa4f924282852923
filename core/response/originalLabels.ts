/**
 * A pod's own labels: all except those under `security/`. Keys and values contain neither `=` nor `,` (Kubernetes'
 * label syntax).
 */
export function ownLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith('security/')));
}

/**
 * The format of the annotation `security/original-labels`: sorted `k=v` joined by commas, which the admission policy
 * can check.
 */
export function encodeLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}
