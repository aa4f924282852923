import { testHttpService } from '../diagnosis/httpService';
import { isObject } from '../diagnosis/knownServers';
import { ACCEPT, agent, type PulumiCloudAccess, tasksUrl } from './call';

/** The credential's test: asks for one of the organization's Neo tasks. @throws PipelineError with what is wrong */
export function testPulumiCloud(access: PulumiCloudAccess): Promise<void> {
  const { organization, accessToken, url } = access;
  const base = url.replace(/\/+$/, '');
  return testHttpService(
    {
      name: 'Pulumi Cloud',
      example: 'https://api.pulumi.com',
      apiPath: /\/api\/(preview\/)?/,
      path: tasksUrl(access, '', { pageSize: '1' }).slice(base.length),
      recognises: (json) => isObject(json) && Array.isArray(json.tasks),
      refused: (status) =>
        status === 401
          ? 'The access token is wrong or has expired: create a new one in Pulumi Cloud (Access tokens) and put it in.'
          : `The token may not use Neo in ${organization}: check its rights, and that Neo is on for the organization.`,
      notFound: `Check the organization (${organization}), and that the token's owner is a member of it.`,
    },
    {
      url,
      headers: { authorization: `token ${accessToken}`, accept: ACCEPT },
      dispatcher: agent(),
    },
  );
}
