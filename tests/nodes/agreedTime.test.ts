import { carryOutAgain } from '../../nodes/K8sQuarantine/resources/approval/carryOutAgain';
import { expire } from '../../nodes/K8sQuarantine/resources/approval/expire';
import { settleQuiet } from '../../nodes/K8sQuarantine/resources/incident/settleQuiet';
import { startAgain } from '../../nodes/K8sQuarantine/resources/incident/startAgain';
import type { OperationInput } from '../../nodes/K8sQuarantine/resources/operation';
import { CONFIGURATION } from '../support/alerts';

/** A cluster without any records, seen by a process whose clock is right, or off. */
function input(problem: string | null): OperationInput {
  const nothing = () => Promise.resolve([]);
  const cluster = {
    clockProblem: () => problem,
    readConfiguration: () => Promise.resolve(CONFIGURATION),
    notCarriedOut: nothing,
    waitingApprovals: nothing,
    incidents: { all: nothing },
  };
  const context = { getNodeParameter: () => 10 };
  return { cluster, context, json: {}, index: 0 } as unknown as OperationInput;
}

test.each([startAgain, carryOutAgain, expire, settleQuiet])(
  '$name judges nothing by the time of a process whose clock is off',
  async ({ run }) => {
    await expect(run(input(null))).resolves.toBeDefined();
    await expect(run(input('the clock is 3600 s ahead'))).rejects.toMatchObject({
      code: 'misconfigured',
      message: 'nothing is judged by its time: the clock is 3600 s ahead',
    });
  },
);
