/** Shows a step that does not end, as deploy.sh --local does; for tests/local/ctrlC.test.ts. */
import { stopBySignal } from '../../cluster/local/ending.js';
import { runSteps } from '../../cluster/local/steps/show.js';

stopBySignal();
setInterval(() => undefined, 60_000);
void runSteps([{ title: 'A long step', run: () => new Promise(() => undefined) }]);
