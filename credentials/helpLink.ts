import type { INodeProperties } from 'n8n-workflow';

import { DOCS_AT } from '../core/names';

/**
 * A link to the credential's section of docs/credentials.md. n8n's own link (`documentationUrl`) has to lead to another server, and
 * the pages are on this one.
 * @param section the anchor of its heading
 */
export const helpLink = (section: string): INodeProperties => ({
  displayName: `<a href="${DOCS_AT}/credentials.svg#${section}" target="_blank">What each field is, and what its errors mean</a>`,
  name: 'help',
  type: 'notice',
  default: '',
});
