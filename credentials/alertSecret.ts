import type { INodeProperties } from 'n8n-workflow';

import { SECRET_HEADER } from '../core/names';

/** The only field of a secret that a sender puts into a header. */
export const alertSecretProperties: INodeProperties[] = [
  {
    displayName: 'Secret',
    name: 'secret',
    type: 'string',
    typeOptions: { password: true },
    default: '',
    required: true,
    description: `At least 16 characters, for example from: openssl rand -hex 24. The sender puts it into the header ${SECRET_HEADER}.`,
  },
];
