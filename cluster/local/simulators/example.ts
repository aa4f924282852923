/**
 * The account that the stack's simulators play: a small company whose detectors report to one service of PagerDuty, and
 * whose code is in two repositories. The scenarios' custom fields name the first; the workflow's own settings the second.
 */
export const ACCOUNT = {
  /** As it stands in the scenarios' events. */
  routingKey: 'r0000000000000000000000000000000',
  pagerDutyToken: 'simulated-pagerduty-token',
  pulumiToken: 'simulated-pulumi-token',
  organization: 'acme',
  onCall: 'PTUXL6G',
  neoUser: 'PN30B0T',
  /** In whose name the workflow writes. */
  email: 'incident-pipeline@example.com',
  pagerDuty: {
    tokens: ['simulated-pagerduty-token'],
    services: [
      {
        id: 'PKUB3S3',
        name: 'Kubernetes Security Incidents',
        routingKeys: ['r0000000000000000000000000000000'],
        escalationPolicy: 'PUS0KTE',
      },
    ],
  },
  neo: {
    stacks: [
      {
        organization: 'acme',
        project: 'workshop-cluster',
        name: 'dev',
        repository: { org: 'acme', name: 'workshop-infrastructure' },
      },
      { organization: 'acme', project: 'platform', name: 'production', repository: { org: 'acme', name: 'platform' } },
    ],
    repositories: [
      { org: 'acme', name: 'workshop-infrastructure' },
      { org: 'acme', name: 'platform' },
    ],
  },
} as const;

/** What the workflow PagerDuty to Neo is told in its node Settings. */
export const SETTINGS: Readonly<Record<string, string>> = {
  fromEmail: ACCOUNT.email,
  neoUserId: ACCOUNT.neoUser,
  repositories: 'github.com/acme/*',
  stacks: 'workshop-cluster/dev',
  environments: 'workshop/dev',
  git_repo: 'https://github.com/acme/platform',
  pulumi_org: ACCOUNT.organization,
  pulumi_project: 'platform',
  pulumi_stack: 'production',
  esc_environment: 'acme/platform/production',
  cluster_name: 'embedded',
  cluster_provider: 'kwok',
};
