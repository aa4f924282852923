import { PipelineError } from '../../core/errors';
import { type HttpService, send } from '../http/send';
import { explainPushgateway } from './explain';
import { groupPath } from './groupPath';

export interface PushgatewayAccess {
  url: string;
  username: string;
  password: string;
}

/** What names a group beside the job: which n8n counted, and in which store. */
export interface Group {
  instance: string;
  store: string;
}

/**
 * Replaces a group (PUT) by a text in Prometheus' format. Pushgateway adds nothing up, so that the text is the whole state, and a
 * push that is repeated changes nothing.
 */
export async function pushGroup(access: PushgatewayAccess, group: Group, text: string): Promise<void> {
  const path = groupPath(group);
  const service: HttpService = {
    name: 'Pushgateway',
    example: 'http://pushgateway.monitoring:9091',
    explain: explainPushgateway(path),
    ...access,
  };
  const answer = await send(service, {
    method: 'PUT',
    path,
    headers: { 'content-type': 'text/plain; version=0.0.4' },
    body: text,
    once: true,
  });
  // A Pushgateway has nothing to say about a push that it took; what says something is another server.
  if (answer.trim() === '') return;
  throw new PipelineError('rejected', `the server at ${service.url} took the push and answered like no Pushgateway`, {
    nextStep: 'Check that the URL in the Pushgateway credential is that of a Pushgateway 1.x, not of a Prometheus.',
  });
}
