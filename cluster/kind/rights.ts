/**
 * Compares a SelfSubjectRulesReview (JSON on standard input) with the reviewed list of the responder's rights. The argument
 * says of which kind the namespace is: optedIn, own, or everyone (neither). Prints what differs and exits 1.
 */
import { text } from 'node:stream/consumers';
import { z } from 'zod/v4';
import golden from '../../manifests/token/responder-rights.json' with { type: 'json' };
import { rightsOf } from './rightsOf.js';

const review = z.object({
  status: z.object({
    incomplete: z.boolean(),
    resourceRules: z.array(
      z.object({
        verbs: z.array(z.string()),
        apiGroups: z.array(z.string()).default([]),
        resources: z.array(z.string()).default([]),
        resourceNames: z.array(z.string()).default([]),
      }),
    ),
  }),
});

type Kind = 'everyone' | 'optedIn' | 'own';

async function main(): Promise<void> {
  const { status } = review.parse(JSON.parse(await text(process.stdin)));
  if (status.incomplete) throw new Error('the API server does not know all rules');
  const has = new Set(status.resourceRules.flatMap(rightsOf));
  const kind = z.enum(['everyone', 'optedIn', 'own']).parse(process.argv[2]) satisfies Kind;
  const wanted = new Set([...golden.everyone, ...golden.cluster, ...(kind === 'everyone' ? [] : golden[kind])]);
  const differences = [
    ...[...has].filter((right) => !wanted.has(right)).map((right) => `  too much: ${right}`),
    ...[...wanted].filter((right) => !has.has(right)).map((right) => `  missing:  ${right}`),
  ];
  if (differences.length === 0) return;
  console.error(differences.join('\n'));
  process.exitCode = 1;
}

void main();
