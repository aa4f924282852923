import { proposeException } from '../../../../app/exceptions/propose';
import { MATCH_PARTS } from '../../../../core/policy/exceptions/propose';
import { now } from '../../../shared/clock';
import { textOf } from '../locators';
import { done, type Operation } from '../operation';
import { orProblem } from '../orProblem';
import { DAYS, DECIDED_APPROVAL, MATCH, OWNER, REASON } from './fields';

/** Gives the exception that goes with a false positive, as a command for a person whom RBAC allows to apply it. */
export const propose: Operation = {
  name: 'Propose',
  value: 'propose',
  action: 'Propose an exception for a false positive',
  description: 'Give the manifest of an exception for alerts like this one; a person applies it with kubectl',
  fields: [DECIDED_APPROVAL, MATCH, REASON, OWNER, DAYS],
  run: (input) =>
    orProblem(input, async ({ context, cluster, json, index }) => {
      const chosen: unknown = context.getNodeParameter(MATCH.name, index, []);
      const owner = textOf(context, OWNER.name, index);
      const exception = await proposeException(
        cluster,
        textOf(context, DECIDED_APPROVAL.name, index),
        {
          parts: MATCH_PARTS.filter((part) => Array.isArray(chosen) && chosen.includes(part)),
          reason: textOf(context, REASON.name, index),
          owner: owner === '' ? null : owner,
          days: Number(context.getNodeParameter(DAYS.name, index)),
        },
        now(),
      );
      return done({ ...json, exception });
    }),
};
