/** An object as YAML, by the Kubernetes client's own library; long lines are not folded. */
export async function toYaml(object: unknown): Promise<string> {
  const { dumpYaml } = await import('@kubernetes/client-node');
  return dumpYaml(object, { lineWidth: -1, noRefs: true });
}
