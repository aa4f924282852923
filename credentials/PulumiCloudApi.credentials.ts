import type { ICredentialType, INodeProperties } from 'n8n-workflow';

import { helpLink } from './helpLink';

/** Access to Pulumi Cloud, and so to Neo, for one organization. Neo Task tests it. */
export class PulumiCloudApi implements ICredentialType {
  name = 'pulumiCloudApi';
  displayName = 'Pulumi Cloud API';
  icon = { light: 'file:../nodes/NeoTask/neoTask.svg', dark: 'file:../nodes/NeoTask/neoTask.dark.svg' } as const;
  properties: INodeProperties[] = [
    helpLink('pulumi-cloud-api'),
    {
      displayName: 'URL',
      name: 'url',
      type: 'string',
      default: 'https://api.pulumi.com',
      required: true,
      description: 'URL of the API; change it for a self-hosted Pulumi Cloud',
    },
    {
      displayName: 'Organization',
      name: 'organization',
      type: 'string',
      default: '',
      required: true,
      description: 'The organization that Neo works for. An alert cannot name another.',
    },
    {
      displayName: 'Access Token',
      name: 'accessToken',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description:
        'Token of a dedicated user or team with no more rights than fixes need: Neo has the rights of its owner.',
    },
  ];
}
