export interface Kind {
  group: string;
  version: string;
  kind: string;
}

/** The name under which kubeconform looks for a kind's schema, see TEMPLATE. */
export function fileName({ group, version, kind }: Kind): string {
  const [label = ''] = group.split('.');
  return `${[kind, label, version].filter((part) => part !== '').join('-')}.json`.toLowerCase();
}

/** kubeconform's own pattern for the same: the kind, then the first label of its group, then the version. */
export const TEMPLATE = '{{ .ResourceKind }}{{ .KindSuffix }}.json';
