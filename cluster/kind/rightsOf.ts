/** A rule of a SelfSubjectRulesReview (authorization.k8s.io/v1). */
interface ResourceRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
}

/** What a rule permits, one right after the other, as manifests/token/responder-rights.json writes them: "verb resource.group". */
export function rightsOf({ verbs, apiGroups = [], resources = [], resourceNames = [] }: ResourceRule): string[] {
  const groups = apiGroups.flatMap((group) => resources.map((name) => (group === '' ? name : `${name}.${group}`)));
  const rights = verbs.flatMap((verb) => groups.map((resource) => `${verb} ${resource}`));
  return resourceNames.length === 0
    ? rights
    : rights.flatMap((right) => resourceNames.map((name) => `${right} ${name}`));
}
